using System.Net;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Api;

public class Managing_url_groups : EmulatorTest
{
    [Fact, Check(93)]
    public async Task Creates_a_group_with_its_first_endpoint()
    {
        Assert.Equal(HttpStatusCode.OK, (await AddAsync("g", ("http://a.example", "first"))).Status);
        var group = (await GetAsync("/v2/topics/g")).Json;
        Assert.Equal("g", group.GetProperty("name").GetString());
        Assert.Equal(Clock.GetUtcNow().ToUnixTimeMilliseconds(), group.GetProperty("createdAt").GetInt64());
        Assert.Equal(Clock.GetUtcNow().ToUnixTimeMilliseconds(), group.GetProperty("updatedAt").GetInt64());
        Assert.Equal("""[{"url":"http://a.example","name":"first"}]""", group.GetProperty("endpoints").GetRawText());
        Assert.Equal(1, (await GetAsync("/v2/topics")).Json.GetArrayLength());
    }

    [Fact, Check(94)]
    public async Task Adds_to_the_endpoints_in_order()
    {
        await AddAsync("g", ("http://a.example", null), ("http://b.example", "b"));
        await AddAsync("g", ("http://c.example", null), ("http://b2.example", "b"), ("http://a.example", null));
        Assert.Equal(["http://a.example", "http://b2.example", "http://c.example"], await UrlsAsync());
    }

    [Fact, Check(95)]
    public async Task Disappears_with_its_last_endpoint()
    {
        await AddAsync("g", ("http://a.example", null), ("http://b.example", "b"));
        await CallAsync("DELETE", "/v2/topics/g/endpoints", new { endpoints = new[] { new { name = "b" } } });
        Assert.Equal(["http://a.example"], await UrlsAsync());
        await CallAsync("DELETE", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = "http://a.example" } } });
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/v2/topics/g")).Status);
    }

    [Fact, Check(96)]
    public async Task Deletes_even_what_does_not_exist()
    {
        await AddAsync("g", ("http://a.example", null));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("DELETE", "/v2/topics/g")).Status);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("DELETE", "/v2/topics/g")).Status);
        Assert.Equal("[]", (await GetAsync("/v2/topics")).Text);
    }

    [Theory, Check(101)]
    [InlineData("a%20b", "{\"endpoints\":[{\"url\":\"http://a.example\"}]}", "URL group name")]
    [InlineData("g", "{\"endpoints\":[{\"url\":\"a.example\"}]}", "url")]
    [InlineData("g", "{\"endpoints\":[{\"name\":\"x\"}]}", "url")]
    [InlineData("g", "{\"endpoints\":[]}", "endpoints")]
    [InlineData("g", "{\"endpoints\":[1]}", "endpoint")]
    [InlineData("g", "{}", "endpoints")]
    [InlineData("g", "[]", "body")]
    [InlineData("g", "nonsense", "body")]
    public async Task Names_what_is_wrong(string name, string body, string field) =>
        AssertBadRequest(await CallAsync("POST", $"/v2/topics/{name}/endpoints", body), "invalid " + field);

    [Theory]
    [InlineData("{\"endpoints\":[]}")]
    [InlineData("{\"endpoints\":[{}]}")]
    [InlineData("{\"endpoints\":[{\"name\":\"\"}]}")]
    public async Task Names_what_is_missing_to_remove_an_endpoint(string body)
    {
        await AddAsync("g", ("http://a.example", null));
        AssertBadRequest(await CallAsync("DELETE", "/v2/topics/g/endpoints", body), "invalid endpoints");
        Assert.Equal(["http://a.example"], await UrlsAsync());
    }

    [Theory] // docs/qstash-contract.md#g104
    [InlineData("DELETE", "/v2/topics/nobody/endpoints", "{\"endpoints\":[{\"name\":\"x\"}]}")]
    [InlineData("PATCH", "/v2/topics/nobody", "{\"headers\":{}}")]
    [InlineData("GET", "/v2/topics/nobody", null)]
    public async Task Does_not_know_others(string method, string target, string? body)
    {
        var answer = await CallAsync(method, target, body);
        Assert.Equal((HttpStatusCode.NotFound, "topic nobody not found"), (answer.Status, answer.Error));
    }

    Task<Answer> AddAsync(string group, params (string Url, string? Name)[] endpoints) => CallAsync(
        "POST", $"/v2/topics/{group}/endpoints", new { endpoints = endpoints.Select(endpoint => new { url = endpoint.Url, name = endpoint.Name }) });

    async Task<IEnumerable<string?>> UrlsAsync() =>
        (await GetAsync("/v2/topics/g")).Json.GetProperty("endpoints").EnumerateArray().Select(endpoint => endpoint.GetProperty("url").GetString());
}

public class Publishing_to_a_url_group : EmulatorTest
{
    [Fact, Check(45, 97, 98, 99)]
    public async Task Answers_a_bare_array_and_delivers_to_each_endpoint()
    {
        await CreateAsync();
        Sink.Answer = (request, context) =>
        {
            context.Response.StatusCode = request.Target == "/1" ? 500 : 200;
            return Task.CompletedTask;
        };
        var answer = await CallAsync("POST", "/v2/publish/g", "x", "Upstash-Retries: 1");
        Assert.Equal([Sink.Url + "/1", Sink.Url + "/2"], answer.Json.EnumerateArray().Select(entry => entry.GetProperty("url").GetString()));
        var ids = answer.Json.EnumerateArray().Select(entry => entry.GetProperty("messageId").GetString()!).ToList();
        Assert.NotEqual(ids[0], ids[1]);

        await IdleAsync();
        var failing = (await GetAsync("/v2/messages/" + ids[0])).Json;
        Assert.Equal(("g", "one"), (failing.GetProperty("topicName").GetString(), failing.GetProperty("endpointName").GetString()));

        await AdvanceAsync(60);
        Assert.Equal(2, Sink.At("/1").Count);
        Assert.Single(Sink.At("/2"));
        Assert.All(Sink.All, request => Assert.Equal(("g", null), (request.Header("Upstash-Topic-Name"), request.Header("Upstash-Schedule-Id"))));
        var log = (await GetAsync("/v2/events?messageId=" + ids[0])).Json.GetProperty("events")[0];
        Assert.Equal(("g", "one"), (log.GetProperty("topicName").GetString(), log.GetProperty("endpointName").GetString()));
        Assert.Equal("CREATED ACTIVE DELIVERED", await StatesAsync(ids[1]));
    }

    [Fact, Check(100)]
    public async Task Applies_the_headers_of_the_group_unless_the_request_has_its_own()
    {
        await CreateAsync();
        await CallAsync("PATCH", "/v2/topics/g", """{"headers":{"Upstash-Forward-X":["group"],"Upstash-Delay":"5s"}}""");
        await CallAsync("POST", "/v2/publish/g", "x");
        await CallAsync("POST", "/v2/publish/g", "x", "Upstash-Forward-X: request");
        await IdleAsync();
        Assert.Empty(Sink.All);
        await AdvanceAsync(5);
        Assert.Equal(["group", "group", "request", "request"], Sink.All.Select(request => request.Header("X")).Order());
    }

    [Fact]
    public async Task Refuses_headers_it_could_not_use_later()
    {
        await CreateAsync();
        AssertBadRequest(await CallAsync("PATCH", "/v2/topics/g", """{"headers":{"Upstash-Retries":"many"}}"""), "Upstash-Retries");
        AssertBadRequest(await CallAsync("PATCH", "/v2/topics/g", """{"headers":{"a b":"c"}}"""), "a b");
    }

    Task<Answer> CreateAsync() => CallAsync("POST", "/v2/topics/g/endpoints", new
    {
        endpoints = new[] { new { url = Sink.Url + "/1", name = "one" }, new { url = Sink.Url + "/2", name = "" } },
    });
}
