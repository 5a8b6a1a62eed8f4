using System.Security.Cryptography;
using System.Text;
using MassTransit.QStash.Benchmarks.Load;
using MassTransit.QStash.Benchmarks.Measuring;
using QStash.Client;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 9: verify a delivery of 1 KB, beside the two hashes alone.
/// </summary>
sealed class Verify : IRow
{
    const string Key = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r";
    const string Url = "https://orders.example.com/qstash/submit-order";

    public int Number => 9;

    public async Task<IReadOnlyList<Comparison>> Run(Effort effort)
    {
        var count = effort.Of(100_000);
        var body = RandomNumberGenerator.GetBytes(1024);
        var token = SignedRequest.Sign(Key, Url, body);
        var signed = Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]);
        var verifier = new QStashSignatureVerifier(new QStashSigningKeyPair(Key, "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs"));

        // Its key is set up once, as the verifier's is.
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.ASCII.GetBytes(Key));

        var costs = await Rounds.Compare(effort.Rounds, count,
            () =>
            {
                for (var i = 0; i < count; i++)
                {
                    if (verifier.Verify(token, body, Url) != QStashSignatureResult.Valid)
                        throw new InvalidOperationException("The token is valid.");
                }

                return Task.CompletedTask;
            },
            () =>
            {
                Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
                for (var i = 0; i < count; i++)
                {
                    hmac.AppendData(signed);
                    hmac.GetHashAndReset(hash);
                    SHA256.HashData(body, hash);
                }

                return Task.CompletedTask;
            });

        return
        [
            Comparison.Of(Number, "verify 1 KB", "HMAC-SHA256 and SHA-256", "µs", costs[0], costs[1], cost => cost.Microseconds, Goal.AtMost(1.25)),

            // The measuring itself allocates a few hundred bytes a round.
            Comparison.Of(Number, "its allocation", "HMAC-SHA256 and SHA-256", "B", costs[0], costs[1], cost => Math.Floor(cost.Bytes), Goal.AtMost(0, "B")),
        ];
    }
}
