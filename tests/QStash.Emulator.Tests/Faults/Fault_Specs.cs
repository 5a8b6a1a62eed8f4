using System.Net;
using QStash.Emulator.Faults;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Faults;

public class Injecting_faults : EmulatorTest
{
    protected override QStashEmulatorOptions Options() => new() { TimeProvider = Clock, EnableControl = true };

    [Fact]
    public async Task Refuses_the_connection_as_often_as_asked()
    {
        var added = await AddAsync("""{"action":"refuse","count":2}""");
        Assert.Equal(HttpStatusCode.Created, added.Status);
        var id = await PublishAsync();
        await AdvanceAsync(3600);
        Assert.Equal("2", Assert.Single(Sink.All).Header("Upstash-Retried"));
        Assert.Equal("CREATED ACTIVE ERROR RETRY ACTIVE ERROR RETRY ACTIVE DELIVERED", await StatesAsync(id));
        Assert.Equal(2, Assert.Single(Emulator.Faults.All).Hits);
    }

    [Fact]
    public async Task Delays_a_delivery_once_for_each_attempt()
    {
        await AddAsync("""{"action":"delay","delay":"1m"}""");
        var start = Clock.GetUtcNow();
        Sink.AnswerWith(500, 200);
        await PublishAsync("/a", null, "Upstash-Retry-Delay: 1000");
        await AdvanceAsync(600);
        Assert.Equal([60, 121], Sink.All.Select(request => (request.At - start).TotalSeconds));
    }

    [Fact]
    public async Task Cancels_what_it_delays()
    {
        await AddAsync("""{"action":"delay","delay":"1m"}""");
        var id = await PublishAsync();
        await IdleAsync();
        await CallAsync("DELETE", "/v2/messages/" + id);
        await AdvanceAsync(600);
        Assert.Empty(Sink.All);
    }

    [Fact]
    public async Task Duplicates_a_delivery()
    {
        await AddAsync("""{"action":"duplicate","count":1}""");
        await PublishAsync();
        await IdleAsync();
        Assert.Single(Sink.All.Select(request => request.Header("Upstash-Message-Id")).Distinct());
        Assert.Equal(2, Sink.All.Select(request => request.Header("Upstash-Signature")).Distinct().Count());
    }

    [Fact]
    public async Task Lets_the_next_delivery_overtake()
    {
        await AddAsync("""{"action":"reorder","count":1}""");
        await PublishAsync("/1");
        await IdleAsync();
        Assert.Empty(Sink.All);
        await PublishAsync("/2");
        await IdleAsync();
        await PublishAsync("/3");
        await IdleAsync();
        Assert.Equal(["/2", "/1", "/3"], Sink.All.Select(request => request.Target));
        await AdvanceAsync(60);
        Assert.Equal(3, Sink.All.Count);
    }

    [Fact]
    public async Task Does_not_hold_the_last_delivery_back_for_ever()
    {
        await AddAsync("""{"action":"reorder"}""");
        await PublishAsync();
        await AdvanceAsync(9);
        Assert.Empty(Sink.All);
        await AdvanceAsync(1);
        Assert.Single(Sink.All);
    }

    [Fact]
    public async Task Corrupts_the_signature_and_nothing_else()
    {
        await AddAsync("""{"action":"corruptSignature","count":1}""");
        await PublishAsync("/bad");
        await IdleAsync();
        await PublishAsync("/good");
        await IdleAsync();
        Assert.False(HasValidSignature(Assert.Single(Sink.At("/bad"))));
        Assert.True(HasValidSignature(Assert.Single(Sink.At("/good"))));
    }

    [Fact]
    public async Task Believes_an_answered_delivery_failed()
    {
        await AddAsync("""{"action":"dropAnswer","count":1}""");
        var id = await PublishAsync();
        await AdvanceAsync(60);
        Assert.Equal(["0", "1"], Sink.All.Select(request => request.Header("Upstash-Retried")));
        Assert.Equal("CREATED ACTIVE ERROR RETRY ACTIVE DELIVERED", await StatesAsync(id));
    }

    // docs/qstash-contract.md#rate-limits
    [Fact]
    public async Task Answers_the_api_with_both_kinds_of_429()
    {
        await AddAsync("""{"action":"burstLimit","path":"/v2/publish","count":1}""");
        await AddAsync("""{"action":"dailyLimit","path":"/v2/publish","count":1}""");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/keys")).Status);
        var burst = await HeadersAsync();
        Assert.Equal(("100", "0"), (burst["Burst-RateLimit-Limit"], burst["Burst-RateLimit-Remaining"]));
        Assert.Equal(Clock.GetUtcNow().ToUnixTimeSeconds() + 1, long.Parse(burst["Burst-RateLimit-Reset"], null));
        Assert.DoesNotContain("RateLimit-Limit", burst.Keys);
        var daily = await HeadersAsync();
        Assert.Equal(("1000", "0"), (daily["RateLimit-Limit"], daily["RateLimit-Remaining"]));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), long.Parse(daily["RateLimit-Reset"], null));
        await PublishAsync();

        async Task<Dictionary<string, string>> HeadersAsync()
        {
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{Emulator.Url}v2/publish/{Sink.Url}/x");
            request.Headers.Add("Authorization", "Bearer " + Emulator.DefaultUser.Token);
            using var answer = await http.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            return answer.Headers.ToDictionary(header => header.Key, header => header.Value.Single(), StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task Answers_the_api_with_500_before_anything_is_done()
    {
        await AddAsync("""{"action":"serverError","method":"POST","count":1}""");
        var answer = await CallAsync("POST", "/v2/publish/" + Sink.Url + "/a");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.NotEmpty(answer.Error);
        await IdleAsync();
        Assert.Empty(Sink.All);
    }

    [Fact]
    public async Task Loses_the_answer_to_an_accepted_publish()
    {
        await AddAsync("""{"action":"dropApiAnswer","path":"/v2/publish/*","count":1}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => PublishAsync("/a", null, "Upstash-Deduplication-Id: once"));
        var again = await CallAsync("POST", "/v2/publish/" + Sink.Url + "/a", null, "Upstash-Deduplication-Id: once");
        Assert.Equal(HttpStatusCode.Accepted, again.Status);
        await IdleAsync();
        Assert.Single(Sink.All);
    }

    [Theory]
    [InlineData("{\"destination\":\"{sink}/hit\"}")]
    [InlineData("{\"destination\":\"*/h?t*\"}", false)]
    [InlineData("{\"destination\":\"*/hit?x=1\"}")]
    [InlineData("{\"destination\":\"*/HIT*\"}")]
    [InlineData("{\"destination\":\"/hit\"}", false)]
    [InlineData("{\"label\":\"one\"}")]
    [InlineData("{\"label\":\"on\"}", false)]
    [InlineData("{\"urlGroup\":\"group\"}")]
    [InlineData("{\"urlGroup\":\"other\"}", false)]
    [InlineData("{\"method\":\"put\"}")]
    [InlineData("{\"method\":\"POST\"}", false)]
    [InlineData("{\"method\":\"PUT\",\"label\":\"no\"}", false)]
    [InlineData("{\"probability\":0}", false)]
    public async Task Strikes_what_its_rule_matches(string rule, bool hit = true)
    {
        await AddAsync(Fill(rule).Insert(1, "\"action\":\"refuse\","));
        await CallAsync("POST", "/v2/topics/group/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/hit?x=1" } } });
        await CallAsync("POST", "/v2/publish/group", null, "Upstash-Label: zero,one", "Upstash-Method: PUT");
        await IdleAsync();
        Assert.Equal(hit ? 0 : 1, Sink.All.Count);
    }

    [Fact]
    public async Task Repeats_its_draws_with_the_same_seed()
    {
        async Task<string> RunAsync(int seed)
        {
            var rule = Emulator.Faults.Add(new FaultRule(FaultAction.Refuse) { Probability = 0.5, Seed = seed });
            var hits = "";
            for (var i = 0; i < 40; i++)
            {
                var before = rule.Hits;
                await PublishAsync("/a", null, "Upstash-Retries: 0");
                await IdleAsync();
                hits += rule.Hits - before;
            }

            Assert.True(Emulator.Faults.Remove(rule.Id));
            return hits;
        }

        var first = await RunAsync(7);
        Assert.Equal(first, await RunAsync(7));
        Assert.NotEqual(first, await RunAsync(8));
    }

    [Fact]
    public async Task Lists_and_removes_rules()
    {
        var first = (await AddAsync("""{"action":"delay","delay":"30s","destination":"http://a","seed":4}""")).String("id");
        await AddAsync("""{"action":"dropApiAnswer","path":"/v2/keys"}""");
        var listed = (await GetAsync("/emulator/faults")).Json;
        Assert.Equal(["delay", "dropApiAnswer"], listed.EnumerateArray().Select(rule => rule.GetProperty("action").GetString()));
        Assert.Equal((30_000, 4, 0), (listed[0].GetProperty("delayMs").GetInt32(), listed[0].GetProperty("seed").GetInt32(), listed[0].GetProperty("hits").GetInt32()));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("DELETE", "/emulator/faults/" + first)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await CallAsync("DELETE", "/emulator/faults/" + first)).Status);
        await CallAsync("DELETE", "/emulator/faults");
        Assert.Equal("[]", (await GetAsync("/emulator/faults")).Text);
    }

    [Fact]
    public async Task Copes_with_a_pattern_of_the_greatest_length()
    {
        AssertBadRequest(await AddAsync($$"""{"action":"refuse","destination":"{{new string('*', 1001)}}"}"""), "destination");
        await AddAsync($$"""{"action":"refuse","destination":"{{string.Concat(Enumerable.Repeat("a*", 500))}}"}""");
        await AddAsync($$"""{"action":"refuse","destination":"{{new string('*', 1000)}}"}""");
        await PublishAsync("/" + new string('a', 300), null, "Upstash-Retries: 0");
        await IdleAsync();
        Assert.Single(Emulator.GetSnapshot().User("defaultUser").DeadLetters);
    }

    [Theory]
    [InlineData("{}", "action")]
    [InlineData("{\"action\":\"explode\"}", "action")]
    [InlineData("{\"action\":\"0\"}", "action")]
    [InlineData("{\"action\":\"refuse\",\"path\":\"/v2\"}", "path")]
    [InlineData("{\"action\":\"serverError\",\"destination\":\"http://x\"}", "destination")]
    [InlineData("{\"action\":\"burstLimit\",\"urlGroup\":\"g\"}", "urlGroup")]
    [InlineData("{\"action\":\"refuse\",\"probability\":2}", "probability")]
    [InlineData("{\"action\":\"refuse\",\"count\":0}", "count")]
    [InlineData("{\"action\":\"refuse\",\"delay\":\"1s\"}", "delay")]
    [InlineData("{\"action\":\"delay\"}", "delay")]
    [InlineData("{\"action\":\"delay\",\"delay\":\"0s\"}", "delay")]
    [InlineData("{\"action\":\"refuse\",\"labeel\":\"x\"}", "'labeel'")]
    [InlineData("[]", "body")]
    public async Task Names_what_cannot_be_used(string rule, string field)
    {
        AssertBadRequest(await AddAsync(rule), field);
        Assert.Throws<ArgumentException>(() => Emulator.Faults.Add(new FaultRule(FaultAction.Delay)));
    }

    Task<Answer> AddAsync(string rule) => CallAsync("POST", "/emulator/faults", rule);

    bool HasValidSignature(Received request)
    {
        var token = request.Header("Upstash-Signature")!;
        var dot = token.LastIndexOf('.');
        var expected = System.Security.Cryptography.HMACSHA256.HashData(
            System.Text.Encoding.UTF8.GetBytes(Emulator.DefaultUser.CurrentSigningKey), System.Text.Encoding.UTF8.GetBytes(token[..dot]));
        return System.Buffers.Text.Base64Url.EncodeToString(expected) == token[(dot + 1)..];
    }
}
