using System.Net;
using QStash.Emulator.Faults;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Control;

public class Controlling_an_emulator : EmulatorTest
{
    protected override QStashEmulatorOptions Options() => new() { TimeProvider = Clock, EnableControl = true };

    [Fact]
    public async Task Waits_until_idle()
    {
        await PublishAsync();
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", "/emulator/idle")).Status);
        Assert.Single(Sink.All);
    }

    [Fact]
    public async Task Gives_up_waiting_for_a_destination_that_does_not_answer()
    {
        Sink.Answer = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await PublishAsync();
        var idle = await CallAsync("POST", "/emulator/idle", "{\"timeout\":\"0.05s\"}");
        Assert.Equal(HttpStatusCode.Conflict, idle.Status);
        Assert.Contains("0.05 s", idle.Error, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await CallAsync("POST", "/emulator/clock/advance", "{\"by\":\"1s\",\"timeout\":\"0.05s\"}")).Status);
        AssertBadRequest(await CallAsync("POST", "/emulator/idle", "{\"timeout\":1}"), "timeout");
    }

    [Fact]
    public async Task Shows_all_state()
    {
        await FillAsync();
        var state = (await GetAsync("/emulator/state")).Json;
        Assert.True(state.GetProperty("clock").GetProperty("frozen").GetBoolean());
        Assert.Equal("refuse", state.GetProperty("faults")[0].GetProperty("action").GetString());
        var user = state.GetProperty("users").EnumerateArray().First(user => user.GetProperty("name").GetString() == "defaultUser");
        Assert.Equal("http://127.0.0.1:1/later", user.GetProperty("messages")[0].GetProperty("url").GetString());
        Assert.Equal("g", user.GetProperty("urlGroups")[0].GetProperty("name").GetString());
        Assert.Equal("id:once", user.GetProperty("deduplication")[0].GetProperty("key").GetString());
        Assert.DoesNotContain("sig_", state.GetRawText(), StringComparison.Ordinal);

        var snapshot = Emulator.GetSnapshot().User("defaultUser");
        Assert.Equal(("later", 2), (snapshot.Messages[0].Text, snapshot.Messages.Count));
        Assert.Equal((1, false), (snapshot.Queues[0].Lag, snapshot.Queues[0].Paused));
        Assert.Equal((0, "/dead"), (snapshot.DeadLetters[0].ResponseStatus, new Uri(snapshot.DeadLetters[0].Message.Url).AbsolutePath));
        Assert.Single(Emulator.GetSnapshot().User("testUser1").Messages);
    }

    [Fact]
    public async Task Forgets_everything_of_all_users()
    {
        var before = (await GetAsync("/emulator/state")).Text;
        var keys = (await GetAsync("/v2/keys")).Text;
        await FillAsync();
        await CallAsync("POST", "/v2/keys/rotate");
        await AdvanceAsync(5);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", "/emulator/reset", "{\"clock\":true}")).Status);
        Assert.Equal(before, (await GetAsync("/emulator/state")).Text);
        Assert.Equal(keys, (await GetAsync("/v2/keys")).Text);
        Assert.Empty((await GetAsync("/v2/events")).Json.GetProperty("events").EnumerateArray());
        await AdvanceAsync(86_400);
        Assert.Empty(Sink.All);
        await PublishAsync("/after", null, "Upstash-Deduplication-Id: once", "Upstash-Delay: 1s");
        await AdvanceAsync(1);
        Assert.Single(Sink.At("/after"));
    }

    [Fact]
    public async Task Aborts_open_attempts_when_it_forgets()
    {
        var (called, aborted) = (new TaskCompletionSource(), new TaskCompletionSource());
        Sink.Answer = async (_, context) =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            called.SetResult();
            await aborted.Task;
        };
        await PublishAsync();
        await called.Task.WaitAsync(Cancellation);
        await Emulator.ResetAsync(cancellationToken: Cancellation);
        await aborted.Task.WaitAsync(Cancellation);
        await AdvanceAsync(86_400);
        Assert.Single(Sink.All);
        Assert.Empty((await GetAsync("/v2/events")).Json.GetProperty("events").EnumerateArray());
    }

    [Theory]
    [InlineData("Origin: https://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Host: evil.example")]
    public async Task Refuses_web_pages_of_other_sites(string header)
    {
        var answer = await CallAsync("POST", "/emulator/reset", null, header);
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.NotEmpty(answer.Error);
    }

    [Fact]
    public async Task Answers_localhost_and_pages_of_its_own()
    {
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("GET", "/emulator/clock", null, "Host: localhost:8080", "Origin: http://localhost:8080", "Authorization: none")).Status);
    }

    async Task FillAsync()
    {
        await CallAsync("POST", "/v2/publish/http://127.0.0.1:1/later", "later", "Upstash-Delay: 1h", "Upstash-Deduplication-Id: once");
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url } } });
        Emulator.Faults.Add(new FaultRule(FaultAction.Refuse));
        await PublishAsync("/dead", null, "Upstash-Retries: 0");
        await IdleAsync();
        await EnqueueAsync("q", "/queued", null, "Upstash-Retry-Delay: 1000000");
        await CallAsync("POST", "/v2/publish/http://127.0.0.1:1/x", null, "Authorization: Bearer " + TestUser1, "Upstash-Delay: 1h");
        await IdleAsync();
    }
}

public class Controlling_an_emulator_that_does_not_allow_it : EmulatorTest
{
    protected override QStashEmulatorOptions Options() => new();

    [Fact]
    public async Task Is_answered_with_how_to_allow_it()
    {
        var answer = await GetAsync("/emulator/state");
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Contains("--control", answer.Error, StringComparison.Ordinal);
        Assert.Empty(Emulator.GetSnapshot().User("defaultUser").Messages);
    }

    [Fact]
    public async Task Says_that_the_system_clock_cannot_be_moved()
    {
        await using var emulator = await QStashEmulator.StartAsync(new() { EnableControl = true }, Cancellation);
        Assert.Null(emulator.Clock);
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(emulator.Url, "/emulator/clock/freeze"), null, Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }
}
