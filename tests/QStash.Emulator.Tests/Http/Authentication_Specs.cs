using System.Net;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Http;

public class Calling_the_api : EmulatorTest
{
    const string DefaultTokenEncoded = "eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0%3D";

    [Fact, Check(1)]
    public async Task Answers_the_published_keys()
    {
        var keys = await GetAsync("/v2/keys");
        Assert.Equal("""{"current":"sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r","next":"sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs"}""", keys.Text);
    }

    [Fact, Check(2)]
    public async Task Needs_a_token()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(Emulator.Url, "/v2/queues"), Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("""{"error":"unable to authenticate: missing token"}""", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory, Check(3)]
    [InlineData("Authorization: ")]
    [InlineData("Authorization: Basic abc")]
    [InlineData("Authorization: Bearer nobody")]
    public async Task Needs_a_known_token(string header)
    {
        var answer = await CallAsync("GET", "/v2/queues", null, header);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Contains("unable to authenticate", answer.Error, StringComparison.Ordinal);
    }

    [Fact, Check(4, 5)]
    public async Task Takes_the_token_from_the_query_and_keeps_it_from_the_destination()
    {
        var list = await CallAsync("GET", "/v2/queues?qstash_token=" + DefaultTokenEncoded);
        Assert.Equal(HttpStatusCode.OK, list.Status);

        var publish = await CallAsync("POST", $"/v2/publish/{Sink.Url}/a?x=1&qstash_token={DefaultTokenEncoded}&y=2");
        Assert.Equal(HttpStatusCode.OK, publish.Status);
        await IdleAsync();
        Assert.Equal("/a?x=1&y=2", Sink.All.Single().Target);
    }

    [Fact, Check(6)]
    public async Task Keeps_users_apart()
    {
        const string Other = "Authorization: Bearer " + TestUser1;
        Sink.AnswerWith(500);
        var id = (await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", null, Other, "Upstash-Delay: 1h", "Upstash-Flow-Control-Key: k", "Upstash-Flow-Control-Value: rate=1")).Id;
        await CallAsync("POST", $"/v2/enqueue/q/{Sink.Url}/a", null, Other, "Upstash-Retries: 0");
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url } } }, Other);
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/a", null, Other, "Upstash-Cron: * * * * *", "Upstash-Schedule-Id: s");
        await IdleAsync();
        var letter = (await CallAsync("GET", "/v2/dlq", null, Other)).Json.GetProperty("messages")[0].GetProperty("dlqId").GetString();

        foreach (var path in new[] { "messages/" + id, "queues/q", "topics/g", "schedules/s", "flowControl/k", "dlq/" + letter })
        {
            Assert.Equal((path, HttpStatusCode.OK), (path, (await CallAsync("GET", "/v2/" + path, null, Other)).Status));
            Assert.Equal((path, HttpStatusCode.NotFound), (path, (await GetAsync("/v2/" + path)).Status));
        }

        foreach (var path in new[] { "queues", "topics", "schedules", "flowControl" })
            Assert.Equal("[]", (await GetAsync("/v2/" + path)).Text);

        Assert.Equal("""{"messages":[]}""", (await GetAsync("/v2/dlq")).Text);
        Assert.Equal("""{"logs":[],"events":[]}""", (await GetAsync("/v2/logs")).Text);
    }

    [Theory, Check(10)]
    [InlineData("GET", "/v1/publish/x", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v2/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/v2/batch", HttpStatusCode.MethodNotAllowed)]
    public async Task Explains_that_there_is_no_such_path(string method, string path, HttpStatusCode status)
    {
        var answer = await CallAsync(method, path);
        Assert.Equal(status, answer.Status);
        Assert.NotEmpty(answer.Error);
    }

    [Fact, Check(8)]
    public async Task Ignores_a_trailing_slash()
    {
        await EnqueueAsync("q");
        await IdleAsync();
        var answer = await GetAsync("/v2/queues/");
        Assert.Equal((await GetAsync("/v2/queues")).Text, answer.Text);
        Assert.Contains("\"q\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact] // The Go SDK writes it so
    public async Task Ignores_the_case_of_a_path()
    {
        await CallAsync("POST", $"/V2/Enqueue/q/{Sink.Url}/a");
        Assert.Equal("q", (await GetAsync("/v2/Queues/q")).String("name"));
    }

    [Fact]
    public async Task Takes_many_publishes_at_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => CallAsync("POST", $"/v2/publish/{Sink.Url}/a")));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        await IdleAsync();
        Assert.Equal(300, Sink.All.Count);
    }

    [Fact] // docs/qstash-contract.md#authentication
    public async Task Lets_a_read_only_token_read_and_nothing_else()
    {
        var id = await PublishAsync("/a", null, "Upstash-Delay: 1h");
        var token = "Authorization: Bearer " + Emulator.DefaultUser.ReadOnlyToken;
        foreach (var path in new[] { "/v2/messages/" + id, "/v2/logs", "/v2/schedules", "/v2/queues", "/v2/topics", "/v2/dlq" })
            Assert.Equal(HttpStatusCode.OK, (await CallAsync("GET", path, null, token)).Status);

        (string Method, string Path)[] writes =
        [
            ("POST", $"/v2/publish/{Sink.Url}/a"), ("POST", $"/v2/enqueue/q/{Sink.Url}/a"), ("POST", "/v2/batch"), ("DELETE", "/v2/messages"),
            ("POST", "/v2/queues"), ("POST", $"/v2/schedules/{Sink.Url}"), ("PATCH", "/v2/topics/g"), ("DELETE", "/v2/dlq"), ("POST", "/v2/keys/rotate"),
        ];
        foreach (var (method, path) in writes)
        {
            var answer = await CallAsync(method, path, "[]", token);
            Assert.Equal((HttpStatusCode.Forbidden, "forbidden: the token is read-only"), (answer.Status, answer.Error));
        }

        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/messages/" + id)).Status);
    }

    [Theory] // Upstash's console calls the server from a browser
    [InlineData("https://console.upstash.com", true)]
    [InlineData("http://localhost:3000", true)]
    [InlineData("https://elsewhere.example", false)]
    [InlineData("null", false)]
    public async Task Lets_the_console_call_across_origins(string origin, bool allowed)
    {
        var preflight = await CallAsync(
            "OPTIONS", "/v2/messages", null, "Origin: " + origin, "Access-Control-Request-Method: DELETE", "Access-Control-Request-Headers: authorization");
        var error = await CallAsync("GET", "/v2/messages/x", null, "Origin: " + origin);
        Assert.Equal(allowed ? HttpStatusCode.NoContent : HttpStatusCode.Forbidden, preflight.Status);
        Assert.Equal(allowed ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden, error.Status);
        foreach (var answer in new[] { preflight, error })
            Assert.Equal(allowed ? origin : null, answer.Headers.GetValueOrDefault("Access-Control-Allow-Origin"));

        Assert.Equal(allowed, preflight.Headers.ContainsKey("Access-Control-Allow-Methods"));
    }
}
