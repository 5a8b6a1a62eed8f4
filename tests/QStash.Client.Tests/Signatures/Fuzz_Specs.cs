using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using QStash.Client.Tests.Fuzzing;

namespace QStash.Client.Tests;

/// <summary>
/// 30,000 mutated tokens in a normal run; QSTASH_FUZZ_TOKENS and QSTASH_FUZZ_SEED ask for others (S1, V1). For ten million:
/// <c>QSTASH_FUZZ_TOKENS=10000000 dotnet test -c Release --project tests/QStash.Client.Tests -- --filter-class '*Fuzzing_the_verifier' --show-live-output on</c>.
/// </summary>
public class Fuzzing_the_verifier
{
    const int Tolerance = 5;

    static readonly int Tokens = Setting("QSTASH_FUZZ_TOKENS", 30_000);

    // Another one each time: a failure tells it, and the token too.
    static readonly int Seed = Setting("QSTASH_FUZZ_SEED", Environment.TickCount);

    readonly SortedDictionary<string, int> _accepted = new(StringComparer.Ordinal);
    readonly MovableClock _clock = new();
    readonly Model _model = new(Tolerance);
    readonly Mutator _mutator = new(new Random(Seed), Tolerance);
    readonly SortedDictionary<QStashSignatureResult, int> _results = [];

    [Fact]
    public void Finds_no_token_that_is_accepted_wrongly_and_none_that_throws()
    {
        TestContext.Current.SendDiagnosticMessage($"fuzz: seed {Seed}, {Tokens} tokens");
        var watch = Stopwatch.StartNew();
        var verifier = new QStashSignatureVerifier(Vectors.Keys, _clock, TimeSpan.FromSeconds(Tolerance));

        for (var index = 0; index < Tokens; index++)
        {
            var mutant = _mutator.Next();
            try
            {
                Try(verifier, mutant);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {Seed}, token {index} ({mutant.Kind}) to {mutant.Url} at {mutant.Now:O}: {mutant.Token}", exception);
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"seed {Seed}, {Tokens} tokens in {watch.Elapsed}: no false accept, no exception; accepted {Line(_accepted)}; results {Line(_results)}");

        // Otherwise the run would prove nothing: each check was reached, also behind the signature, and some mutants passed it.
        Assert.All(Enum.GetValues<QStashSignatureResult>().Except([QStashSignatureResult.Missing]), result => Assert.InRange(_results.GetValueOrDefault(result), Tokens / 1000, Tokens));
        Assert.InRange(_accepted["claims"], Tokens / 200, Tokens);
        Assert.InRange(_accepted["header"], Tokens / 200, Tokens);
        Assert.InRange(_accepted["other time"], Tokens / 200, Tokens);
    }

    void Try(QStashSignatureVerifier verifier, Mutant mutant)
    {
        _clock.Now = mutant.Now;
        var result = verifier.Verify(mutant.Token, mutant.Body, mutant.Url);
        _results[result] = _results.GetValueOrDefault(result) + 1;

        // What is said without the body must agree with what is said with it.
        var beforeBody = verifier.VerifyToken(mutant.Token, mutant.Url, out var token, keepsId: true);
        Assert.Equal(result == QStashSignatureResult.BodyMismatch ? QStashSignatureResult.Valid : result, beforeBody);
        Assert.Equal(result == QStashSignatureResult.Valid, verifier.VerifyBody(token, SHA256.HashData(mutant.Body)) == QStashSignatureResult.Valid);

        if (result != QStashSignatureResult.Valid)
        {
            Assert.NotEqual("genuine", mutant.Kind);
            return;
        }

        _accepted[mutant.Kind] = _accepted.GetValueOrDefault(mutant.Kind) + 1;
        Assert.True(mutant.IsSigned || _mutator.IsGenuine(mutant.Token), "Accepted, though nobody signed it as it is.");
        Assert.True(_model.Accepts(mutant), "Accepted against the rules.");
    }

    static string Line<T>(SortedDictionary<T, int> counts)
        where T : notnull => string.Join(", ", counts.Select(pair => $"{pair.Key} x {pair.Value}"));

    static int Setting(string name, int standard) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : standard;

    sealed class MovableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
