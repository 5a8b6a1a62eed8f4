using System.Net;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Http;

public class A_web_page_of_another_site : EmulatorTest
{
    /// <summary>One call of each kind: reads, writes, the dashboard and its data, the control surface, and what does not exist.</summary>
    static readonly string[] Calls =
    [
        "GET /v2/keys", "GET /v2/logs", "POST /v2/keys/rotate", "POST /v2/publish/http://127.0.0.1:1/a", "POST /v2/batch",
        "DELETE /v2/messages", "GET /v2/nothing", "GET /", "GET /dashboard/settings", "GET /dashboard/page/app.js",
        "GET /dashboard/users/defaultUser/messages", "GET /emulator/state", "POST /emulator/reset", "GET /nothing", "OPTIONS /v2/messages",
    ];

    public static TheoryData<string> Pages =>
    [
        "Host: evil.example", "Host: 127.0.0.1.evil.example", "Host: 192.0.2.7:8080", "Host: localhost.evil.example", "Host: xn--localhost", "Host: a.xn--b:8080",
        "Origin: https://evil.example", "Origin: null", "Origin: http://127.0.0.1.evil.example", "Origin: https://console.upstash.com.evil.example",
        "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site",
    ];

    protected override QStashEmulatorOptions Options() => new() { TimeProvider = Clock, EnableControl = true, EnableDashboard = true };

    [Theory, MemberData(nameof(Pages))]
    public async Task Is_refused_on_every_path(string header)
    {
        var keys = (await GetAsync("/v2/keys")).Text;
        foreach (var call in Calls)
        {
            var answer = await CallAsync(call[..call.IndexOf(' ')], call[(call.IndexOf(' ') + 1)..], "[]", header, "Content-Type: text/plain");
            Assert.True(answer.Status == HttpStatusCode.Forbidden, call + " was answered with " + answer.Status);
            Assert.StartsWith("the emulator refuses: ", answer.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("Access-Control-Allow-Origin", answer.Headers.Keys);
        }

        Assert.Equal(keys, (await GetAsync("/v2/keys")).Text);
        Assert.Empty((await GetAsync("/v2/logs")).Json.GetProperty("logs").EnumerateArray());
    }

    [Theory]
    [InlineData("Origin: http://localhost:3000")]
    [InlineData("Origin: https://console.upstash.com")]
    [InlineData("Origin: http://localhost:3000", "Authorization: Basic bm86bm8=")]
    public async Task Cannot_send_a_form_that_has_the_token_in_its_url(params string[] headers)
    {
        foreach (var path in new[] { "/v2/publish/http://127.0.0.1:1/a", "/v2/keys/rotate" })
        {
            var answer = await CallAsync("POST", path + "?qstash_token=" + Emulator.DefaultUser.Token, "x=y", [.. headers, "Content-Type: text/plain"]);
            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
            Assert.Contains("Authorization", answer.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Origin: http://localhost:3000")]
    [InlineData("Origin: https://app.dev.localhost:7000")]
    public async Task May_be_one_of_this_machine_only_for_the_api(string origin)
    {
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("GET", "/v2/logs", null, origin)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await CallAsync("GET", "/dashboard/settings", null, origin)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await CallAsync("GET", "/emulator/state", null, origin)).Status);
    }

    [Fact]
    public async Task May_link_to_the_dashboard()
    {
        var answer = await CallAsync("GET", "/", null, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var frame = await CallAsync("GET", "/", null, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe");
        Assert.Equal(HttpStatusCode.Forbidden, frame.Status);
    }

    [Theory]
    [InlineData("Host: localhost:8080")]
    [InlineData("Host: qstash.localhost")]
    [InlineData("Host: 127.0.0.2")]
    [InlineData("Host: [::1]:8080")]
    [InlineData("Host: localhost", "Origin: http://localhost", "Sec-Fetch-Site: same-origin")]
    [InlineData("Sec-Fetch-Site: none")]
    public async Task Is_not_what_comes_from_this_machine(params string[] headers)
    {
        foreach (var path in new[] { "/v2/keys", "/", "/dashboard/settings" })
            Assert.Equal(HttpStatusCode.OK, (await CallAsync("GET", path, null, headers)).Status);
    }

    [Fact]
    public async Task Is_let_in_when_the_options_say_so()
    {
        await using var emulator = await QStashEmulator.StartAsync(
            new() { AllowedHosts = ["qstash", "QStash.example"], AllowedOrigins = ["https://app.example/"], EnableControl = true, EnableDashboard = true }, Cancellation);
        async Task<HttpStatusCode> GetAsync(string path, string header) => (await CallAsync(emulator, "GET", path, null, header)).Status;
        foreach (var path in new[] { "/v2/keys", "/dashboard/settings" })
        {
            Assert.Equal(HttpStatusCode.OK, await GetAsync(path, "Host: qstash:8080"));
            Assert.Equal(HttpStatusCode.OK, await GetAsync(path, "Host: qstash.example"));
            Assert.Equal(HttpStatusCode.OK, await GetAsync(path, "Origin: https://app.example"));
            Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(path, "Host: other.example"));
            Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(path, "Origin: https://app.example.org"));
        }

        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync("/emulator/state", "Host: qstash:8080"));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync("/emulator/state", "Origin: https://app.example"));
        var cors = await CallAsync(emulator, "GET", "/v2/keys", null, "Origin: https://app.example");
        Assert.Equal("https://app.example", cors.Headers["Access-Control-Allow-Origin"]);
    }

    [Fact]
    public async Task Is_refused_when_other_machines_are_let_in_too()
    {
        await using var emulator = await QStashEmulator.StartAsync(new() { Address = IPAddress.Any }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(emulator, "GET", "/v2/keys", null, "Host: 192.0.2.7:8080")).Status);
        var rebound = await CallAsync(emulator, "GET", "/v2/keys", null, "Host: evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, rebound.Status);
        Assert.Contains("--allow-host evil.example", rebound.Error, StringComparison.Ordinal);
    }
}

public class A_message_to_the_emulator_itself : EmulatorTest
{
    protected override QStashEmulatorOptions Options() => new() { TimeProvider = Clock, EnableControl = true };

    [Theory]
    [InlineData("/emulator/reset")]
    [InlineData("//emulator/../emulator/reset")]
    [InlineData("/v2/../emulator/reset")]
    [InlineData("/%65mulator/reset")]
    [InlineData("/EMULATOR/reset?x=y")]
    public async Task Does_not_control_it(string path)
    {
        await CallAsync("POST", "/v2/queues", """{"queueName":"q"}""");
        foreach (var host in new[] { "127.0.0.1", "localhost", "127.1" })
            await CallAsync("POST", $"/v2/publish/http://{host}:{Emulator.Url.Port}{path}", "{}", "Upstash-Retries: 0", "Upstash-Forward-Host: localhost");

        await IdleAsync();
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/queues/q")).Status);
        Assert.Equal(3, (await GetAsync("/v2/dlq")).Json.GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task Does_not_control_it_as_a_callback_or_through_another_emulator()
    {
        await CallAsync("POST", "/v2/queues", """{"queueName":"q"}""");
        var reset = Emulator.Url + "emulator/reset";
        await PublishAsync("/a", null, "Upstash-Callback: " + reset, "Upstash-Callback-Retries: 0");
        await using var other = await QStashEmulator.StartAsync(new() { TimeProvider = Clock }, Cancellation);
        await CallAsync(other, "POST", "/v2/publish/" + reset, null, "Upstash-Retries: 0");
        await Task.WhenAll(IdleAsync(), other.WaitUntilIdleAsync(Cancellation));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/queues/q")).Status);
    }
}
