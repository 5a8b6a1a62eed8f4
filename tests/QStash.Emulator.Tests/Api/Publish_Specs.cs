using System.Net;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Api;

public class Publishing_to_a_url : EmulatorTest
{
    [Fact, Check(13, 21, 31)]
    public async Task Delivers_one_post()
    {
        var answer = await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", "hello");
        await IdleAsync();
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.StartsWith("msg_", answer.Id, StringComparison.Ordinal);
        var received = Assert.Single(Sink.All);
        Assert.Equal(("POST", "/a", "hello"), (received.Method, received.Target, received.Text));
    }

    [Theory, Check(14, 15)] // docs/qstash-contract.md#publish
    [InlineData("/x?a=1&b=2")]
    [InlineData("/a%20b%2Fc//d")]
    [InlineData("/a/../b/./c/%2e%2e/d")]
    [InlineData("/x?url=https://y.example/z?q&q&=&%3D")]
    [InlineData("/~!$&'()*+,;=:@")]
    [InlineData("/x?")]
    [InlineData("/%C3%BC%zz")]
    public async Task Reaches_the_destination_byte_for_byte(string path)
    {
        await PublishAsync(path);
        await IdleAsync();
        Assert.Equal(path, Sink.All.Single().Target);
    }

    [Theory, Check(16, 17, 18)]
    [InlineData("https%3A%2F%2Fexample.com", HttpStatusCode.BadRequest, "invalid scheme")]
    [InlineData("example.com/x", HttpStatusCode.BadRequest, "invalid scheme")]
    [InlineData("v2/publish/https://example.com", HttpStatusCode.BadRequest, "invalid scheme")]
    [InlineData("", HttpStatusCode.BadRequest, "non-empty destination")]
    [InlineData("nobody", HttpStatusCode.NotFound, "topic nobody not found")]
    [InlineData("http://", HttpStatusCode.BadRequest, "invalid destination url")]
    [InlineData("http://a:b:c/", HttpStatusCode.BadRequest, "invalid destination url")]
    public async Task Refuses_what_is_no_destination(string destination, HttpStatusCode status, string error)
    {
        var answer = await CallAsync("POST", "/v2/publish/" + destination);
        Assert.Equal(status, answer.Status);
        Assert.Contains(error, answer.Error, StringComparison.Ordinal);
    }

    [Fact, Check(19)]
    public async Task Delivers_any_bytes_with_their_content_type()
    {
        var body = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        await PublishAsync("/a", body, "Content-Type: application/x-odd; v=1");
        await IdleAsync();
        Assert.Equal(body, Sink.All.Single().Body);
        Assert.Equal("application/x-odd; v=1", Sink.All.Single().Header("Content-Type"));
    }

    [Fact]
    public async Task Delivers_a_large_body()
    {
        var body = new byte[9_000_000];
        Random.Shared.NextBytes(body);
        await PublishAsync("/a", body);
        await IdleAsync();
        Assert.Equal(body, Sink.All.Single().Body);
    }

    [Fact, Check(20)]
    public async Task Delivers_an_empty_body()
    {
        await PublishAsync();
        await IdleAsync();
        Assert.Empty(Sink.All.Single().Body);
        Assert.Equal("0", Sink.All.Single().Header("Content-Length"));
    }

    [Theory, Check(21)]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task Uses_the_method_asked_for(string method)
    {
        await PublishAsync("/a", "body", "Upstash-Method: " + method);
        await IdleAsync();
        Assert.Equal((method, "body"), (Sink.All.Single().Method, Sink.All.Single().Text));
    }

    [Theory, Check(22, 38, 66, 73, 84)]
    [InlineData("Upstash-Method: FOO")] // 22
    [InlineData("Upstash-Method: HEAD")]
    [InlineData("Upstash-Delay: abc")] // 38
    [InlineData("Upstash-Delay: 5x")]
    [InlineData("Upstash-Delay: 30")]
    [InlineData("Upstash-Delay: 5S")]
    [InlineData("Upstash-Delay: 1d 2h")]
    [InlineData("Upstash-Delay: -5s")]
    [InlineData("Upstash-Delay: ")]
    [InlineData("Upstash-Delay: 99999999999999999999d")]
    [InlineData("Upstash-Not-Before: tomorrow")]
    [InlineData("Upstash-Not-Before: 99999999999999999")]
    [InlineData("Upstash-Timeout: 0s")]
    [InlineData("Upstash-Retries: -1")] // 73
    [InlineData("Upstash-Retries: abc")]
    [InlineData("Upstash-Retry-Delay: pow(2")] // 66
    [InlineData("Upstash-Retry-Delay: ")]
    [InlineData("Upstash-Retry-Delay: system(1)")]
    [InlineData("Upstash-Callback: not-a-url")] // 84
    [InlineData("Upstash-Failure-Callback: ftp://x")]
    [InlineData("Upstash-Content-Based-Deduplication: maybe")]
    [InlineData("Upstash-Header-Forward: perhaps")]
    [InlineData("Upstash-Flow-Control-Key: k")]
    [InlineData("Upstash-Cron: * * * *")]
    [InlineData("Upstash-Redact-Fields: everything")]
    public async Task Names_the_header_it_cannot_use(string header)
    {
        AssertBadRequest(await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", null, header), header[..header.IndexOf(':')]);
        await IdleAsync();
        Assert.Empty(Sink.All);
    }

    [Fact, Check(23, 24, 25, 29, 30)]
    public async Task Forwards_what_is_asked_for_and_nothing_else()
    {
        await PublishAsync(
            "/a", "x", "Upstash-Forward-My-Header: v", "Upstash-Forward-Authorization: Bearer x", "X-Foo: no", "Upstash-Foo: no",
            "Upstash-Telemetry-Sdk: no", "Upstash-Telemetry-Platform: no", "Upstash-Forward-Host: evil.example", "Upstash-Forward-Umlaut: gr\u00fcn");
        await IdleAsync();
        var headers = Sink.At("/a").Single();
        Assert.Equal("v", headers.Header("My-Header"));
        Assert.Equal("Bearer x", headers.Header("Authorization"));
        Assert.Equal("gr\u00fcn", headers.Header("Umlaut"));
        Assert.Equal(
            [
                "Authorization", "Content-Length", "Host", "My-Header", "Umlaut", "Upstash-Caller-Ip", "Upstash-Message-Id", "Upstash-Region",
                "Upstash-Retried", "Upstash-Signature", "User-Agent",
            ],
            headers.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase));
    }

    [Fact] // docs/qstash-contract.md#g16
    public async Task Joins_repeated_headers_and_prefers_a_forwarded_content_type()
    {
        await PublishAsync("/a", "x", "Upstash-Forward-X: 1", "Upstash-Forward-X: 2", "Content-Type: text/plain", "Upstash-Forward-Content-Type: text/html");
        await IdleAsync();
        Assert.Equal(("1, 2", "text/html"), (Sink.All.Single().Header("X"), Sink.All.Single().Header("Content-Type")));
    }

    [Fact, Check(47)]
    public async Task Keeps_its_configuration_to_itself()
    {
        await EnqueueAsync(
            "q", "/a", "x", "Upstash-Label: no", "Upstash-Retries: 1", "Upstash-Retry-Delay: 1000", "Upstash-Timeout: 1m", "Upstash-Delay: 1s",
            "Upstash-Flow-Control-Key: no", "Upstash-Flow-Control-Value: rate=1", "Upstash-Deduplication-Id: no", "Upstash-Redact-Fields: body",
            $"Upstash-Callback: {Sink.Url}/callback", "Upstash-Callback-Retries: 0", "Upstash-Callback-Forward-X: no",
            $"Upstash-Failure-Callback: {Sink.Url}/failure", "Upstash-Failure-Callback-Method: PUT");
        await AdvanceAsync(1);
        Assert.Equal(
            ["Content-Length", "Host", "Upstash-Caller-Ip", "Upstash-Message-Id", "Upstash-Region", "Upstash-Retried", "Upstash-Signature", "User-Agent"],
            Sink.At("/a").Single().Headers.Keys.Order(StringComparer.OrdinalIgnoreCase));
    }

    [Fact, Check(26)]
    public async Task Forwards_all_headers_but_the_token_when_asked()
    {
        await PublishAsync("/a", "x", "Upstash-Header-Forward: true", "X-Foo: yes");
        await IdleAsync();
        Assert.Equal("yes", Sink.All.Single().Header("X-Foo"));
        Assert.Null(Sink.All.Single().Header("Authorization"));
        Assert.Null(Sink.All.Single().Header("Upstash-Header-Forward"));
    }

    [Fact, Check(27)]
    public async Task Takes_configuration_from_the_query()
    {
        var id = await PublishAsync("/a?upstash-retries=1&x=1&upstash-delay=2s&upstash-flow-control-key=k&upstash-flow-control-value=rate%3D3%2C+period%3D1m");
        var message = (await GetAsync("/v2/messages/" + id)).Json;
        Assert.Equal((1, 3), (message.GetProperty("maxRetries").GetInt32(), message.GetProperty("rate").GetInt32()));
        Assert.Equal(2000, message.GetProperty("notBefore").GetInt64() - message.GetProperty("createdAt").GetInt64());
        await AdvanceAsync(2);
        Assert.Equal("/a?x=1", Sink.All.Single().Target);
    }

    [Fact] // docs/qstash-contract.md#query-parameters
    public async Task Prefers_a_header_to_the_query()
    {
        var id = await PublishAsync("/a?upstash-retries=1", null, "Upstash-Retries: 2", "Upstash-Delay: 1h");
        Assert.Equal(2, (await GetAsync("/v2/messages/" + id)).Json.GetProperty("maxRetries").GetInt32());
    }

    [Fact]
    public async Task Refuses_a_line_break_smuggled_in_by_the_query()
    {
        AssertBadRequest(await CallAsync("POST", $"/v2/publish/{Sink.Url}/a?upstash-forward-x=a%0d%0aEvil:1"), "upstash-forward-x");
    }

    [Fact, Check(28)]
    public async Task Invents_no_content_type()
    {
        var id = await PublishAsync("/a", "x", "Upstash-Delay: 1h", "Upstash-Forward-X: 1");
        Assert.Equal("""{"X":["1"]}""", (await GetAsync("/v2/messages/" + id)).Json.GetProperty("header").GetRawText());
    }
}

public class Publishing_with_limits : EmulatorTest
{
    protected override QStashEmulatorOptions Options() => new() { TimeProvider = Clock, Quota = new() { MaxMessageSize = 1000, MaxDelay = TimeSpan.FromDays(7) } };

    [Fact, Check(32)]
    public async Task Refuses_a_large_body()
    {
        AssertBadRequest(await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", new byte[1001]), "quota maxMessageSize exceeded");
        AssertBadRequest(await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", new byte[200_000]), "quota maxMessageSize exceeded");
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", new byte[1000])).Status);
        var batch = await CallAsync("POST", "/v2/batch", new[] { new { destination = Sink.Url, body = new string('x', 1001) } });
        Assert.Contains("quota maxMessageSize exceeded", batch.Text, StringComparison.Ordinal);
    }

    [Theory, Check(39)]
    [InlineData("Upstash-Delay: 8d")]
    [InlineData("Upstash-Not-Before: 4000000000")]
    public async Task Refuses_a_long_delay(string header) => AssertBadRequest(
        await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", null, header), "quota maxDelay exceeded, current limit: 604800");
}
