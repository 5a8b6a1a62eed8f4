using System.Net;
using System.Text.Json;
using QStash.Emulator.Faults;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Api;

public class Cancelling_by_filter : EmulatorTest
{
    const string Delayed = "Upstash-Delay: 1d";
    const string Label = "Upstash-Label: l";

    [Fact]
    public async Task Is_an_action_that_can_be_looked_up()
    {
        await PublishAsync("/a", null, Delayed, Label);
        var answer = await CallAsync("DELETE", "/v2/messages?label=l&label=k&host=127.0.0.1&async=true");
        Assert.Equal((HttpStatusCode.Accepted, 1), (answer.Status, answer.Json.GetProperty("cancelled").GetInt32()));

        var id = answer.String("actionId")!;
        var now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var expected = new Dictionary<string, object?>
        {
            ["actionId"] = id,
            ["kind"] = "cancel",
            ["state"] = "FINISHED",
            ["total"] = 1,
            ["processed"] = 1,
            ["createdAt"] = now,
            ["completedAt"] = now,
            ["filter"] = new Dictionary<string, string[]> { ["label"] = ["k", "l"], ["host"] = ["127.0.0.1"] },
        };
        var shown = (await GetAsync("/v2/bulkActions/" + id)).Json;
        Assert.True(JsonElement.DeepEquals(JsonSerializer.SerializeToElement(expected), shown), shown.GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/v2/bulkActions/unknown")).Status);
    }

    [Fact]
    public async Task Answers_at_once_when_it_is_asked_to()
    {
        Slow("90s");
        var id = await PublishAsync("/a", null, Delayed, Label);
        var action = (await CallAsync("DELETE", "/v2/messages", new { label = "l", async = true })).String("actionId")!;
        var shown = (await GetAsync("/v2/bulkActions/" + action)).Json;
        Assert.Equal(("IN_PROGRESS", 1, 0), (shown.GetProperty("state").GetString(), shown.GetProperty("total").GetInt32(), shown.GetProperty("processed").GetInt32()));
        Assert.False(shown.TryGetProperty("completedAt", out _));
        Assert.Equal("CREATED", await StatesAsync(id));

        await AdvanceAsync(90);
        Assert.Equal("FINISHED", (await GetAsync("/v2/bulkActions/" + action)).String("state"));
        Assert.Equal("CREATED CANCEL_REQUESTED CANCELED", await StatesAsync(id));
    }

    [Fact]
    public async Task Waits_for_its_end_but_not_longer_than_a_minute()
    {
        Slow("7200h");
        var start = Clock.GetUtcNow();
        var id = await PublishAsync("/a", null, "Upstash-Delay: 8000h", Label);
        var answer = await AdvanceUntilAsync(CallAsync("DELETE", "/v2/messages?label=l"));
        Assert.True(Clock.GetUtcNow() - start >= TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.DoesNotContain(answer.Headers.Keys, name => name.Contains("RateLimit", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("CREATED", await StatesAsync(id));

        // It goes on.
        await StartAsync("label=l");
        Assert.Single((await GetAsync("/v2/bulkActions")).Json.GetProperty("bulkActions").EnumerateArray());
        await AdvanceAsync(7200 * 3600);
        Assert.Equal("CREATED CANCEL_REQUESTED CANCELED", await StatesAsync(id));
    }

    [Theory]
    [InlineData("label=a&label=b&url=u", "url=u&label=b&label=a", true)]
    [InlineData("label=a", "label=a&count=7", true)]
    [InlineData("label=a", "label=b", false)]
    [InlineData("label=a", "label=a&fromDate=1", false)]
    [InlineData("", "", true)]
    public async Task Joins_the_action_with_the_same_filter_while_it_runs(string first, string second, bool same)
    {
        Slow("10s");
        Assert.Equal(same, await StartAsync(first) == await StartAsync(second));
        await AdvanceAsync(10);
        Assert.Equal(2, (await GetAsync("/v2/bulkActions")).Json.GetProperty("bulkActions").GetArrayLength() + (same ? 1 : 0));

        // What has ended is not joined any more.
        await StartAsync(first);
        Assert.Equal(same ? 2 : 3, (await GetAsync("/v2/bulkActions")).Json.GetProperty("bulkActions").GetArrayLength());
    }

    [Fact]
    public async Task Leaves_alone_what_was_published_after_it_was_accepted()
    {
        Slow("10s");
        await PublishAsync("/before", null, Delayed, Label);
        await StartAsync("label=l");
        await PublishAsync("/after", null, "Upstash-Delay: 1h", Label);
        Assert.NotNull(await StartAsync("label=l"));
        await AdvanceAsync(3600);
        Assert.Equal(["/after"], Sink.All.Select(request => request.Target));
        await AdvanceAsync(86_400);
        Assert.Single(Sink.All);
    }

    [Fact]
    public async Task Is_refused_while_a_thousand_run()
    {
        Slow("10s");
        for (var i = 0; i < 1000; i++)
            await StartAsync("label=" + i);

        var refused = await CallAsync("DELETE", "/v2/messages?label=one-more&async=true");
        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.Status);
        Assert.Contains("bulk actions", refused.Error, StringComparison.Ordinal);
        // Joining is not starting.
        Assert.NotNull(await StartAsync("label=7"));
        await AdvanceAsync(10);
        Assert.NotNull(await StartAsync("label=one-more"));
    }

    [Fact]
    public async Task Is_listed_by_page_and_state_for_seven_days()
    {
        Slow("1h", "slow");
        for (var i = 0; i < 5; i++)
            await StartAsync("label=" + i);

        await StartAsync("label=slow");
        var (seen, cursor) = (0, "");
        while (cursor is not null)
        {
            var page = (await GetAsync("/v2/bulkActions?state=FINISHED&count=2" + cursor)).Json;
            seen += page.GetProperty("bulkActions").GetArrayLength();
            cursor = page.TryGetProperty("cursor", out var next) ? "&cursor=" + next.GetString() : null;
        }

        Assert.Equal(5, seen);
        Assert.Single((await GetAsync("/v2/bulkActions?state=IN_PROGRESS")).Json.GetProperty("bulkActions").EnumerateArray());
        Assert.Equal(6, (await GetAsync("/v2/bulkActions?count=1000")).Json.GetProperty("bulkActions").GetArrayLength());
        AssertBadRequest(await GetAsync("/v2/bulkActions?state=DONE"), "state");
        AssertBadRequest(await GetAsync("/v2/bulkActions?count=1001"), "count");

        await AdvanceAsync(TimeSpan.FromDays(7).TotalSeconds + 1);
        Assert.Empty((await GetAsync("/v2/bulkActions")).Json.GetProperty("bulkActions").EnumerateArray());
    }

    [Fact]
    public async Task Cancels_many_without_stopping_at_the_first_thousand()
    {
        var items = Enumerable.Range(0, 2500).Select(i => new { destination = Sink.Url, headers = new Dictionary<string, string> { ["Upstash-Delay"] = "1h" }, body = $"{i}" });
        await CallAsync("POST", "/v2/batch", items);
        Assert.Equal(2500, (await CallAsync("DELETE", "/v2/messages")).Json.GetProperty("cancelled").GetInt32());
        await AdvanceAsync(3600);
        Assert.Empty(Sink.All);
    }

    [Fact]
    public async Task Cancels_what_waits_for_a_retry_without_a_dead_letter()
    {
        Sink.AnswerWith(500);
        await PublishAsync("/a", null, Label);
        await IdleAsync();
        Assert.Equal(1, (await CallAsync("DELETE", "/v2/messages?label=l")).Json.GetProperty("cancelled").GetInt32());
        await AdvanceAsync(86_400);
        Assert.Single(Sink.All);
        Assert.Empty((await GetAsync("/v2/dlq")).Json.GetProperty("messages").EnumerateArray());
    }

    [Fact]
    public async Task By_ids_is_exact_at_once_and_no_action()
    {
        Slow("1h");
        var id = await PublishAsync("/a", null, Delayed, Label);
        var answer = await CallAsync("DELETE", $"/v2/messages?messageIds={id},msg_other&async=true");
        Assert.Equal((HttpStatusCode.Accepted, """{"cancelled":1}"""), (answer.Status, answer.Text));
        Assert.Empty((await GetAsync("/v2/bulkActions")).Json.GetProperty("bulkActions").EnumerateArray());
    }

    [Fact]
    public async Task Belongs_to_one_user()
    {
        var id = await StartAsync("label=l");
        Assert.Equal(HttpStatusCode.NotFound, (await CallAsync("GET", "/v2/bulkActions/" + id, null, "Authorization: Bearer " + TestUser1)).Status);
    }

    [Fact]
    public async Task Ends_with_a_reset()
    {
        Slow("1h");
        await PublishAsync("/a", null, Delayed, Label);
        var waiting = CallAsync("DELETE", "/v2/messages?label=l");
        await RunningAsync(1);
        await Emulator.ResetAsync(cancellationToken: Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await waiting).Status);
        Assert.Empty((await GetAsync("/v2/bulkActions")).Json.GetProperty("bulkActions").EnumerateArray());
        await AdvanceAsync(7200);
    }

    [Theory]
    [InlineData("url")]
    [InlineData("destination")]
    [InlineData("path")]
    public void Is_slowed_down_by_label_only(string member)
    {
        var rule = new FaultRule(FaultAction.SlowBulkAction)
        {
            Delay = TimeSpan.FromSeconds(1),
            Destination = member == "destination" ? "x" : null,
            UrlGroup = member == "url" ? "x" : null,
            Path = member == "path" ? "/x" : null,
        };
        Assert.Throws<ArgumentException>(() => Emulator.Faults.Add(rule));
        Assert.Throws<ArgumentException>(() => Emulator.Faults.Add(new FaultRule(FaultAction.SlowBulkAction)));
    }

    void Slow(string delay, string? label = null) => Emulator.Faults.Add(new FaultRule(FaultAction.SlowBulkAction)
    {
        Delay = delay[^1] == 'h' ? TimeSpan.FromHours(int.Parse(delay[..^1], null)) : TimeSpan.FromSeconds(int.Parse(delay[..^1], null)),
        Label = label,
    });

    async Task<string?> StartAsync(string query)
    {
        var answer = await CallAsync("DELETE", $"/v2/messages?{query}&async=true");
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        return answer.String("actionId");
    }

    async Task<Answer> AdvanceUntilAsync(Task<Answer> call)
    {
        while (!call.IsCompleted)
        {
            await AdvanceAsync(10);
            // Gives the call the time to go on.
            await GetAsync("/v2/keys");
        }

        return await call;
    }

    async Task RunningAsync(int count)
    {
        while ((await GetAsync("/v2/bulkActions?state=IN_PROGRESS")).Json.GetProperty("bulkActions").GetArrayLength() < count)
            await Task.Yield();
    }
}

public class Bulk_actions_in_a_data_file : DurableTest
{
    [Theory]
    [InlineData("label=l")]
    [InlineData("label=l&host=127.0.0.1")]
    public async Task Go_on_after_the_end_of_the_process(string filter)
    {
        Emulator.Faults.Add(new FaultRule(FaultAction.SlowBulkAction) { Delay = TimeSpan.FromHours(1) });
        await PublishAsync("/a", null, "Upstash-Delay: 1h", "Upstash-Label: l");
        await PublishAsync("/b", null, "Upstash-Delay: 1h", "Upstash-Label: m");
        var id = (await CallAsync("DELETE", $"/v2/messages?{filter}&async=true")).String("actionId");
        await KillAsync();
        await StartAsync();
        Assert.Equal("FINISHED", (await GetAsync("/v2/bulkActions/" + id)).String("state"));
        await AdvanceAsync(3600);
        Assert.Equal(["/b"], Sink.All.Select(request => request.Target));
    }

    [Fact]
    public async Task Let_a_message_that_was_hurried_be_delivered_at_once()
    {
        var (arrived, answers) = Sink.Hold();
        var id = await PublishAsync("/a", null, "Upstash-Delay: 1d");
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", $"/v2/messages/{id}/retry")).Status);
        await arrived.WaitAsync(Cancellation);
        await KillAsync();
        answers.Release(10);
        await StartAsync();
        await IdleAsync();
        Assert.Equal(2, Sink.All.Count);
    }
}
