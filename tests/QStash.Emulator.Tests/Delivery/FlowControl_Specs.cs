using System.Net;
using System.Text.Json;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Delivery;

public class Controlling_the_flow : EmulatorTest
{
    const string Key = "Upstash-Flow-Control-Key: k";

    [Fact, Check(152)]
    public async Task Delivers_no_more_at_once_than_the_key_allows()
    {
        for (var i = 0; i < 20; i++)
            await PublishAsync(i % 2 == 0 ? "/even" : "/odd", null, Key, Limits("parallelism=1"));

        await IdleAsync();
        Assert.Equal((10, 10, 1), (Sink.At("/even").Count, Sink.At("/odd").Count, Sink.MostAtOnce));
        Assert.Equal(0, await NumberAsync("parallelismCount"));
    }

    [Fact, Check(153)]
    public async Task Begins_no_more_in_a_period_than_the_rate_allows()
    {
        for (var i = 0; i < 5; i++)
            await PublishInOrderAsync("/" + i, Limits("rate=2,period=1m"));

        Assert.Equal((2, 3), (await NumberAsync("rateCount"), await NumberAsync("waitListSize")));
        await AdvanceAsync(300);
        Assert.Equal(["/0 0", "/1 0", "/2 60", "/3 60", "/4 120"], Deliveries().Order());
    }

    [Fact]
    public async Task Needs_room_in_both_limits()
    {
        var (arrived, answers) = Sink.Hold();
        for (var i = 0; i < 5; i++)
            await PublishAsync("/" + i, null, Key, Limits("rate=2,period=10s,parallelism=3"));

        await arrived.WaitAsync(Cancellation);
        await arrived.WaitAsync(Cancellation);
        Clock.Advance(TimeSpan.FromSeconds(10));
        await arrived.WaitAsync(Cancellation);
        Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(3, await ActiveAsync());
        answers.Release(5);
        await AdvanceAsync(60);
        Assert.Equal(["0", "0", "10", "20", "20"], Deliveries().Select(delivery => delivery[3..]));
    }

    [Fact]
    public async Task Retries_count_like_first_attempts()
    {
        Sink.AnswerWith(500, 500, 200);
        await PublishInOrderAsync("/1", Limits("rate=1,period=1m"), "Upstash-Retry-Delay: 1000");
        await PublishInOrderAsync("/2", Limits("rate=1,period=1m"));
        await AdvanceAsync(600);
        Assert.Equal(["/1 0", "/2 60", "/1 120", "/2 180"], Deliveries());
    }

    [Fact, Check(154, 160)]
    public async Task Shows_a_key()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/v2/flowControl/k")).Status);
        for (var i = 0; i < 3; i++)
            await PublishAsync("/a", null, Key, Limits("parallelism=5,rate=2,period=1m"));

        await IdleAsync();
        Assert.Equal(
            $$"""{"flowControlKey":"k","waitListSize":1,"parallelismMax":5,"parallelismCount":0,"rateMax":2,"rateCount":2,"ratePeriod":60,"ratePeriodStart":{{Clock.GetUtcNow().ToUnixTimeSeconds()}},"isPinnedParallelism":false,"isPinnedRate":false,"isPaused":false}""",
            (await GetAsync("/v2/flowControl/k")).Text);
    }

    [Theory, Check(155)]
    [InlineData("parallelism=5,rate=10,period=1m")]
    [InlineData("parallelism=5, rate=10, period=60s")]
    [InlineData("Period=1m , Rate = 10,PARALLELISM=5")]
    public async Task Understands_all_ways_to_write_limits(string limits)
    {
        var id = await PublishAsync("/a", null, Key, Limits(limits), "Upstash-Delay: 1h");
        var key = (await GetAsync("/v2/flowControl/k")).Json;
        Assert.Equal((5, 10, 60), (Number(key, "parallelismMax"), Number(key, "rateMax"), Number(key, "ratePeriod")));
        var message = (await GetAsync("/v2/messages/" + id)).Json;
        Assert.Equal(("k", 5, 10, 60), (message.GetProperty("flowControlKey").GetString(), Number(message, "parallelism"), Number(message, "rate"), Number(message, "period")));
    }

    [Theory, Check(121)]
    [InlineData("parallelism=2", 1)]
    [InlineData("parallelism=2,period=1m", 60)]
    public async Task Shows_a_period_even_without_a_rate(string limits, int period)
    {
        var id = await PublishAsync("/a", null, Key, Limits(limits), "Upstash-Delay: 1h");
        var message = (await GetAsync("/v2/messages/" + id)).Json;
        Assert.Equal((2, period), (Number(message, "parallelism"), Number(message, "period")));
        Assert.False(message.TryGetProperty("rate", out _));
        Assert.False((await GetAsync("/v2/flowControl/k")).Json.TryGetProperty("rateMax", out _));
    }

    [Fact, Check(156)]
    public async Task Holds_everything_back_while_the_key_is_paused()
    {
        await PublishAsync("/1", null, Key, Limits("parallelism=1"));
        await IdleAsync();
        await PostAsync("pause");
        await PostAsync("pause");
        await PublishInOrderAsync("/2", Limits("parallelism=1"));
        await PublishInOrderAsync("/3", Limits("parallelism=1"));
        await AdvanceAsync(60);
        Assert.Equal((true, 2), (await FlagAsync("isPaused"), await NumberAsync("waitListSize")));
        Assert.Equal(["/1 0"], Deliveries());

        await PostAsync("resume");
        await PostAsync("resume");
        await IdleAsync();
        Assert.Equal((false, 0), (await FlagAsync("isPaused"), await NumberAsync("waitListSize")));
        Assert.Equal(["/1 0", "/2 60", "/3 60"], Deliveries().Order());
    }

    [Fact]
    public async Task Lets_an_open_attempt_finish_and_holds_its_retry_back_while_the_key_is_paused()
    {
        var (arrived, answers) = Sink.Hold();
        var hold = Sink.Answer;
        Sink.Answer = async (request, context) =>
        {
            await hold(request, context);
            context.Response.StatusCode = Sink.All.Count == 1 ? 500 : 200;
        };
        await PublishAsync("/1", null, Key, Limits("parallelism=1"), "Upstash-Retry-Delay: 1000");
        await arrived.WaitAsync(Cancellation);
        await PostAsync("pause");
        answers.Release(2);
        await AdvanceAsync(60);
        Assert.Equal((1, 0), (await NumberAsync("waitListSize"), await NumberAsync("parallelismCount")));
        await PostAsync("resume");
        await IdleAsync();
        Assert.Equal(["/1 0", "/1 60"], Deliveries());
    }

    [Fact]
    public async Task Goes_on_counting_the_period_while_the_key_is_paused()
    {
        await PublishAsync("/1", null, Key, Limits("rate=1,period=1m"));
        await IdleAsync();
        await PostAsync("pause");
        await PublishAsync("/2", null, Key, Limits("rate=1,period=1m"));
        await AdvanceAsync(30);
        Assert.Equal(1, await NumberAsync("rateCount"));
        await PostAsync("resume");
        await IdleAsync();
        Assert.Equal(["/1 0"], Deliveries());
        await AdvanceAsync(30);
        Assert.Equal(["/1 0", "/2 60"], Deliveries());
    }

    [Fact, Check(157)]
    public async Task Pins_limits_that_messages_do_not_change()
    {
        await PublishAsync("/1", null, Key, Limits("rate=1,period=1h"));
        await IdleAsync();
        await AdvanceAsync(10);
        await PostAsync("pin?parallelism=3&rate=2&period=60");
        await AssertLimitsAsync(3, 2, 60);
        Assert.Equal((true, true, 0), (await FlagAsync("isPinnedParallelism"), await FlagAsync("isPinnedRate"), await NumberAsync("rateCount")));
        Assert.Equal(Clock.GetUtcNow().ToUnixTimeSeconds(), await NumberAsync("ratePeriodStart"));

        for (var i = 2; i <= 4; i++)
            await PublishInOrderAsync("/" + i, Limits("parallelism=9,rate=9,period=9s"));

        await AdvanceAsync(60);
        await AssertLimitsAsync(3, 2, 60);
        Assert.Equal(["/1 0", "/2 10", "/3 10", "/4 70"], Deliveries().Order());
    }

    [Fact]
    public async Task Pins_one_limit_and_leaves_the_other_to_the_messages()
    {
        await PublishAsync("/1", null, Key, Limits("parallelism=1,rate=1"));
        await PostAsync("pin?rate=5");
        await PublishAsync("/2", null, Key, Limits("parallelism=7,rate=7,period=7s"));
        await AssertLimitsAsync(7, 5, 1);
        Assert.Equal((false, true), (await FlagAsync("isPinnedParallelism"), await FlagAsync("isPinnedRate")));
    }

    [Fact, Check(158)]
    public async Task Unpins_only_what_is_asked_for_and_keeps_its_value_until_the_next_message()
    {
        await PublishAsync("/1", null, Key, Limits("parallelism=1,rate=1"));
        await PostAsync("pin?parallelism=3&rate=2&period=60");
        await PostAsync("unpin?parallelism=true");
        Assert.Equal((false, true), (await FlagAsync("isPinnedParallelism"), await FlagAsync("isPinnedRate")));
        await AssertLimitsAsync(3, 2, 60);

        await PublishAsync("/2", null, Key, Limits("parallelism=9,rate=9"));
        await AssertLimitsAsync(9, 2, 60);
        await PostAsync("unpin");
        await PostAsync("unpin?rate=false");
        Assert.True(await FlagAsync("isPinnedRate"));
    }

    [Theory, Check(159)]
    [InlineData("resetRate")]
    [InlineData("reset")]
    public async Task Begins_a_new_period_when_told_to(string action)
    {
        for (var i = 1; i <= 3; i++)
            await PublishInOrderAsync("/" + i, Limits("rate=1,period=1m"));

        await AdvanceAsync(10);
        Assert.Equal(["/1 0"], Deliveries());
        await PostAsync("pause");
        await PostAsync(action);
        Assert.Equal((0, Clock.GetUtcNow().ToUnixTimeSeconds()), (await NumberAsync("rateCount"), await NumberAsync("ratePeriodStart")));
        await PostAsync("resume");
        await AdvanceAsync(300);
        Assert.Equal(["/1 0", "/2 10", "/3 70"], Deliveries());
    }

    [Fact, Check(160)]
    public async Task Lists_keys_and_finds_some_by_a_part_of_their_name()
    {
        Assert.Equal("[]", (await GetAsync("/v2/flowControl")).Text);
        foreach (var key in new[] { "orders-eu", "orders-us", "Billing" })
            await PublishAsync("/a", null, "Upstash-Flow-Control-Key: " + key, Limits("rate=1"));

        Assert.Equal(["orders-eu", "orders-us", "Billing"], await NamesAsync(""));
        Assert.Equal(["orders-eu", "orders-us"], await NamesAsync("?search=rders-"));
        Assert.Equal([], await NamesAsync("?search=billing"));

        async Task<IEnumerable<string?>> NamesAsync(string query) =>
            (await GetAsync("/v2/flowControl" + query)).Json.EnumerateArray().Select(key => key.GetProperty("flowControlKey").GetString());
    }

    [Fact, Check(161)]
    public async Task Shows_the_parallelism_of_the_account()
    {
        Assert.Equal("""{"parallelismMax":100,"parallelismCount":0}""", (await GetAsync("/v2/globalParallelism")).Text);
        var (arrived, answers) = Sink.Hold();
        await PublishAsync("/a", null, Key, Limits("rate=1"));
        await PublishAsync("/b");
        await arrived.WaitAsync(Cancellation);
        await arrived.WaitAsync(Cancellation);
        Assert.Equal("""{"parallelismMax":100,"parallelismCount":2}""", (await GetAsync("/v2/globalParallelism")).Text);
        answers.Release(2);
    }

    [Fact]
    public async Task Is_named_by_any_text()
    {
        await PublishAsync("/a", null, "Upstash-Flow-Control-Key: a/b: 100%, or more", Limits("rate=1"));
        Assert.Equal("a/b: 100%, or more", (await GetAsync("/v2/flowControl/a%2Fb%3A%20100%25%2C%20or%20more")).Json.GetProperty("flowControlKey").GetString());
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", "/v2/flowControl/a%2Fb%3A%20100%25%2C%20or%20more/pause")).Status);
    }

    [Fact]
    public async Task Belongs_to_the_account()
    {
        await PublishAsync("/a", null, Key, Limits("rate=1"));
        Assert.Equal("[]", (await CallAsync("GET", "/v2/flowControl", null, "Authorization: Bearer " + TestUser1)).Text);
    }

    [Fact]
    public async Task Counts_each_endpoint_of_a_group()
    {
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/1" }, new { url = Sink.Url + "/2" } } });
        await CallAsync("POST", "/v2/publish/g", null, Key, Limits("rate=1,period=1m"));
        await AdvanceAsync(120);
        Assert.Equal(["0", "60"], Deliveries().Select(delivery => delivery[3..]));
        Assert.Equal(["/1", "/2"], Sink.All.Select(request => request.Target).Order());
    }

    [Fact]
    public async Task Keeps_the_place_in_a_queue_of_a_message_that_waits_for_its_key()
    {
        await PublishInOrderAsync("/0", Limits("rate=1,period=1m"));
        await EnqueueAsync("q", "/1", null, Key, Limits("rate=1,period=1m"));
        await IdleAsync();
        await EnqueueAsync("q", "/2");
        Assert.Equal(["/0 0"], Deliveries());
        await AdvanceAsync(60);
        Assert.Equal(["/0 0", "/1 60", "/2 60"], Deliveries());
    }

    [Fact]
    public async Task Gives_the_place_of_a_paused_queue_to_others()
    {
        await PublishInOrderAsync("/0", Limits("rate=1,period=1m"));
        await EnqueueAsync("q", "/1", null, Key, Limits("rate=1,period=1m"));
        await IdleAsync();
        await PublishInOrderAsync("/2", Limits("rate=1,period=1m"));
        await CallAsync("POST", "/v2/queues/q/pause");
        await AdvanceAsync(60);
        Assert.Equal(["/0 0", "/2 60"], Deliveries());
        await CallAsync("POST", "/v2/queues/q/resume");
        await AdvanceAsync(60);
        Assert.Equal(["/0 0", "/2 60", "/1 120"], Deliveries());
    }

    [Fact]
    public async Task Lets_the_next_one_begin_when_a_waiting_message_is_cancelled()
    {
        await PostAfterPublishAsync("pause", Limits("parallelism=1"));
        var second = await PublishAsync("/2", null, Key, Limits("parallelism=1"));
        await PublishInOrderAsync("/3", Limits("parallelism=1"));
        await CallAsync("DELETE", "/v2/messages/" + second);
        Assert.Equal(1, await NumberAsync("waitListSize"));
        await PostAsync("resume");
        await IdleAsync();
        Assert.Equal(["/1 0", "/3 0"], Deliveries());
        Assert.Equal("CREATED CANCEL_REQUESTED CANCELED", await StatesAsync(second));
    }

    [Fact]
    public async Task Takes_the_limits_of_the_newest_message()
    {
        await PostAfterPublishAsync("pause", Limits("parallelism=1"));
        for (var i = 2; i <= 4; i++)
            await PublishInOrderAsync("/" + i, Limits("rate=1,period=1h"));

        await PostAsync("resume");
        await AdvanceAsync(1);
        Assert.Equal(["/1 0"], Deliveries());
        await PublishInOrderAsync("/5", Limits("rate=5,period=1h"));
        Assert.Equal(["/1 0", "/2 1", "/3 1", "/4 1", "/5 1"], Deliveries().Order());
    }

    [Fact]
    public async Task Does_not_limit_a_message_that_does_not_name_the_key()
    {
        await PostAfterPublishAsync("pause", Limits("parallelism=1"));
        await PublishAsync("/2");
        await IdleAsync();
        Assert.Equal(["/1 0", "/2 0"], Deliveries());
    }

    [Fact]
    public async Task Limits_callbacks_by_a_key_of_their_own()
    {
        string[] callbacks = [$"Upstash-Callback: {Sink.Url}/callback", "Upstash-Callback-Flow-Control-Key: cb", "Upstash-Callback-Flow-Control-Value: rate=1, period=1m"];
        await PublishAsync("/1", null, [.. callbacks, Key, Limits("parallelism=1")]);
        await PublishAsync("/2", null, [.. callbacks]);
        await AdvanceAsync(100);
        Assert.Equal(["/1 0", "/2 0", "/callback 0", "/callback 60"], Deliveries().Order());
        Assert.Equal(1, (await GetAsync("/v2/flowControl/cb")).Json.GetProperty("rateMax").GetInt32());
    }

    [Fact]
    public async Task Comes_with_schedules_batches_and_dead_letters()
    {
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/schedule", null, "Upstash-Cron: * * * * *", "Upstash-Schedule-Id: s", Key, Limits("rate=3"));
        Assert.Equal(("k", 3, 1), Flow((await GetAsync("/v2/schedules/s")).Json));
        Assert.Equal("[]", (await GetAsync("/v2/flowControl")).Text);
        await AdvanceAsync(61);
        Assert.Equal(3, await NumberAsync("rateMax"));

        await CallAsync("POST", "/v2/batch", new[]
        {
            new { destination = Sink.Url + "/batch", headers = new Dictionary<string, string> { ["upstash-flow-control-key"] = "k", ["upstash-flow-control-value"] = "parallelism=4" } },
        });
        Assert.Equal(4, await NumberAsync("parallelismMax"));
        await IdleAsync();

        Sink.AnswerWith(500, 200);
        var id = await PublishAsync("/dead", null, Key, Limits("parallelism=6"), "Upstash-Retries: 0");
        await IdleAsync();
        var letter = (await GetAsync("/v2/dlq?flowControlKey=k")).Json.GetProperty("messages").EnumerateArray().Single();
        Assert.Equal(("k", 6), (letter.GetProperty("flowControlKey").GetString(), Number(letter, "parallelism")));
        var retried = await CallAsync("POST", "/v2/dlq/retry/" + letter.GetProperty("dlqId").GetString(), null, Limits("parallelism=8"));
        Assert.Equal(8, await NumberAsync("parallelismMax"));
        var events = (await GetAsync($"/v2/events?flowControlKey=k&messageIds={id},{retried.Id}")).Json.GetProperty("events").EnumerateArray().ToList();
        Assert.NotEmpty(events);
        Assert.Equal([6, 8], events.Select(entry => Number(entry, "parallelism")).Distinct().Order());

        static (string?, long, long) Flow(JsonElement shown) => (shown.GetProperty("flowControlKey").GetString(), Number(shown, "rate"), Number(shown, "period"));
    }

    [Fact]
    public async Task Is_forgotten_with_everything_else()
    {
        await PublishInOrderAsync("/1", Limits("rate=1,period=1h"));
        await PublishInOrderAsync("/2", Limits("rate=1,period=1h"));
        var key = Assert.Single(Emulator.GetSnapshot().User("defaultUser").FlowControl);
        Assert.Equal(("k", 1, 1, 1, 3_600_000), (key.Key, key.WaitListSize, key.Rate, key.RateCount, key.PeriodMs));
        Assert.Equal("k", Assert.Single(Emulator.GetSnapshot().User("defaultUser").Messages).FlowControlKey);

        await Emulator.ResetAsync(cancellationToken: Cancellation);
        Assert.Empty(Emulator.GetSnapshot().User("defaultUser").FlowControl);
        await AdvanceAsync(7200);
        Assert.Equal(["/1 0"], Deliveries());
        await PublishAsync("/3", null, Key, Limits("rate=1,period=1h"));
        await IdleAsync();
        Assert.Equal(2, Sink.All.Count);
    }

    [Theory]
    [InlineData("parallelism=0", "parallelism must be a whole number from 1")]
    [InlineData("parallelism=-1", "parallelism")]
    [InlineData("parallelism=1.5", "parallelism")]
    [InlineData("parallelism=", "parallelism")]
    [InlineData("parallelism=9999999999", "parallelism")]
    [InlineData("rate=x", "rate")]
    [InlineData("rate=1,period=0s", "period")]
    [InlineData("rate=1,period=1.5s", "period")]
    [InlineData("rate=1,period=10", "period")]
    [InlineData("rate=1,period=8d", "period")]
    [InlineData("rate=1,period=", "period")]
    [InlineData("period=1m", "parallelism, rate or both")]
    [InlineData("rate=1,rate=2", "rate=2")]
    [InlineData("rate=1,burst=2", "burst")]
    [InlineData("rate", "'rate'")]
    [InlineData("rate=1,", "''")]
    [InlineData("", "''")]
    public async Task Names_what_is_wrong_with_limits(string limits, string error)
    {
        var answer = await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", null, Key, Limits(limits));
        AssertBadRequest(answer, "invalid Upstash-Flow-Control-Value: ");
        Assert.Contains(error, answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Upstash-Flow-Control-Key: k", "invalid Upstash-Flow-Control-Value: Upstash-Flow-Control-Key needs it")]
    [InlineData("Upstash-Flow-Control-Value: rate=1", "invalid Upstash-Flow-Control-Key: Upstash-Flow-Control-Value needs it")]
    [InlineData("Upstash-Flow-Control-Key:", "invalid Upstash-Flow-Control-Key: it must not be empty")]
    [InlineData("Upstash-Callback-Flow-Control-Key: k", "invalid Upstash-Callback-Flow-Control-Value")]
    [InlineData("Upstash-Failure-Callback-Flow-Control-Value: rate=0", "invalid Upstash-Failure-Callback-Flow-Control-Value: rate")]
    public async Task Needs_a_key_and_limits(string header, string error) => AssertBadRequest(
        await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", null, header, "Upstash-Callback: http://x.example", "Upstash-Failure-Callback: http://x.example"), error);

    [Theory]
    [InlineData("pin", "invalid parallelism and rate")]
    [InlineData("pin?period=5", "invalid parallelism and rate")]
    [InlineData("pin?parallelism=5&period=5", "invalid period")]
    [InlineData("pin?parallelism=0", "invalid parallelism")]
    [InlineData("pin?rate=x", "invalid rate")]
    [InlineData("pin?rate=1&period=0", "invalid period")]
    [InlineData("pin?rate=1&period=1m", "invalid period")]
    [InlineData("pin?rate=1&period=604801", "invalid period")]
    [InlineData("pin?rat=1", "unknown parameter 'rat'")]
    [InlineData("unpin?parallelism=1", "invalid parallelism")]
    [InlineData("unpin?rate=yes", "invalid rate")]
    public async Task Names_what_is_wrong_with_an_action(string action, string error)
    {
        await PublishAsync("/a", null, Key, Limits("rate=1"));
        AssertBadRequest(await CallAsync("POST", "/v2/flowControl/k/" + action), error);
    }

    [Fact] // 7.2: no delivery may cost more because others wait
    public async Task Lets_thousands_wait_and_delivers_all_of_them_in_time()
    {
        var items = Enumerable.Range(0, 5_000).Select(i => new
        {
            destination = $"{Sink.Url}/{i}",
            headers = new Dictionary<string, string> { ["Upstash-Flow-Control-Key"] = "k", ["Upstash-Flow-Control-Value"] = "rate=500, period=1m" },
        });
        await CallAsync("POST", "/v2/batch", items);
        await IdleAsync();
        Assert.Equal((500, 4_500), (Sink.All.Count, await NumberAsync("waitListSize")));
        await AdvanceAsync(540);
        Assert.Equal(Enumerable.Range(0, 10).Select(minute => (minute * 60.0, 500)), Sink.All.CountBy(request => (request.At - Start).TotalSeconds).Select(count => (count.Key, count.Value)));
        Assert.Equal(5_000, Sink.All.Select(request => request.Target).Distinct().Count());
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("pin?rate=1")]
    [InlineData("unpin?rate=true")]
    [InlineData("resetRate")]
    public async Task Answers_404_to_an_action_on_an_unknown_key(string action)
    {
        var answer = await CallAsync("POST", "/v2/flowControl/nobody/" + action);
        Assert.Equal((HttpStatusCode.NotFound, "flow control key nobody not found"), (answer.Status, answer.Error));
    }

    static string Limits(string limits) => "Upstash-Flow-Control-Value: " + limits;

    static long Number(JsonElement element, string member) => element.GetProperty(member).GetInt64();

    /// <summary>Path and second of each delivery, in order.</summary>
    IEnumerable<string> Deliveries() => Sink.All.Select(request => $"{request.Target} {(request.At - Start).TotalSeconds}");

    static DateTimeOffset Start { get; } = new VirtualClock().GetUtcNow();

    /// <summary>Deliveries that are due at the same time begin in any order; this one is dealt with before the next is published.</summary>
    async Task PublishInOrderAsync(string path, params string[] headers)
    {
        await PublishAsync(path, null, [Key, .. headers]);
        await IdleAsync();
    }

    async Task<long> NumberAsync(string member) => Number((await GetAsync("/v2/flowControl/k")).Json, member);

    async Task<bool> FlagAsync(string member) => (await GetAsync("/v2/flowControl/k")).Json.GetProperty(member).GetBoolean();

    async Task<int> ActiveAsync() => (await GetAsync("/v2/events?state=ACTIVE")).Json.GetProperty("events").GetArrayLength();

    async Task PostAsync(string action) => Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", "/v2/flowControl/k/" + action)).Status);

    async Task PostAfterPublishAsync(string action, string limits)
    {
        await PublishAsync("/1", null, Key, limits);
        await IdleAsync();
        await PostAsync(action);
    }

    async Task AssertLimitsAsync(long parallelism, long rate, long period) => Assert.Equal(
        (parallelism, rate, period), (await NumberAsync("parallelismMax"), await NumberAsync("rateMax"), await NumberAsync("ratePeriod")));
}
