using QStash.Tools.Tests.Crashing;
using QStash.Tools.Tests.Support;

namespace QStash.Tools.Tests;

/// <summary>The promise of the durable mode, on the real program: whatever was answered is not lost.</summary>
public sealed class Killing_the_emulator_under_load : IAsyncLifetime
{
    const int Kills = 20;
    const int MostAnswers = 150;

    readonly TemporaryFolder _folder = new();
    readonly string _port = $"{FreePort.Find()}";
    CrashLoad _load = null!;
    RunningProgram? _emulator;

    public async ValueTask InitializeAsync() => _load = await CrashLoad.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_emulator is not null)
            await _emulator.DisposeAsync();

        await _load.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Loses_no_message_that_was_accepted()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");

        await StartAsync();
        var publishing = _load.PublishAsync();
        for (var i = 1; i <= Kills; i++)
        {
            await _load.AnswersAsync(random.Next(MostAnswers));
            // SIGKILL; the program learns nothing of it.
            await _emulator!.DisposeAsync();
            if (i == Kills)
                _load.Finish();

            await StartAsync();
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
    }

    async Task StartAsync()
    {
        _emulator = RunningProgram.StartEmulator("--port", _port, "--control", "--data", _folder.Sub("data"));
        _load.Begin(new Uri(await _emulator.WaitForLineAsync("QStash emulator is running at ")));
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
