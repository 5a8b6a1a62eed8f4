using System.Globalization;
using QStash.Emulator.Tests.Crashing;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests;

/// <summary>The promise of the durable mode, on the real program: whatever was answered is not lost.</summary>
public sealed class Killing_the_emulator_under_load : IAsyncLifetime
{
    const int Kills = 20;
    const int MostAnswers = 150;

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("qstash-emulator-");
    readonly string _port = EmulatorProcess.FreePort().ToString(CultureInfo.InvariantCulture);
    CrashLoad _load = null!;

    public async ValueTask InitializeAsync() => _load = await CrashLoad.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _load.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Loses_no_message_that_was_accepted()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");

        var emulator = await StartAsync();
        var publishing = _load.PublishAsync();
        for (var i = 1; i <= Kills; i++)
        {
            await _load.AnswersAsync(random.Next(MostAnswers));
            await emulator.KillAsync();
            if (i == Kills)
                _load.Finish();

            await emulator.DisposeAsync();
            emulator = await StartAsync();
        }

        await publishing;
        // Plays what is delayed, and waits until everything has been delivered.
        await _load.CallAsync(HttpMethod.Post, "/emulator/clock/advance", """{"by":"1m"}""");
        TestContext.Current.TestOutputHelper?.WriteLine($"{_load.Accepted.Count} accepted, {_load.InFlight.Count()} in flight when killed");
        Assert.Empty(_load.Accepted.Except(_load.Received));
        Assert.All(_load.InFlight, id => Assert.True(_load.Deliveries(id) > 1, id));
        Assert.Empty(_load.Accepted.Where(body => body.StartsWith("failing", StringComparison.Ordinal)).Except(await DeadLettersAsync()));
        var queued = CrashLoad.Numbers(_load.Received, "queue").ToList();
        Assert.Equal(queued.Order(), queued);
        await emulator.DisposeAsync();
    }

    async Task<EmulatorProcess> StartAsync()
    {
        var emulator = await EmulatorProcess.StartAsync("--port", _port, "--control", "--data", Path.Combine(_directory.FullName, "data"));
        _load.Begin(emulator.Url);
        return emulator;
    }

    async Task<List<string>> DeadLettersAsync()
    {
        List<string> bodies = [];
        for (var cursor = ""; cursor is not null;)
        {
            var page = await _load.CallAsync(HttpMethod.Get, "/v2/dlq" + cursor);
            bodies.AddRange(page.GetProperty("messages").EnumerateArray().Select(letter => letter.GetProperty("body").GetString()!));
            cursor = page.TryGetProperty("cursor", out var next) ? "?cursor=" + next.GetString() : null;
        }

        return bodies;
    }
}
