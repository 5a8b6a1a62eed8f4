using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace QStash.Client.Tests;

/// <summary>The log of an application whose calls QStash does not answer, with default levels.</summary>
public sealed class An_outage : IDisposable
{
    readonly Socket _nobody = new(SocketType.Stream, ProtocolType.Tcp);

    public An_outage() => _nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public void Dispose() => _nobody.Dispose();

    Uri Nobody => new($"http://{_nobody.LocalEndPoint}");

    static RegisteredClient Client(Uri url, RecordingLogger log, DelegatingHandler? innermost = null, int retries = 0) =>
        new(url, options => options.MaxRetries = retries, innermost, services => services.AddLogging(logging => logging.AddProvider(log)));

    static Task<QStashUnreachableException> FailAsync(RegisteredClient client) =>
        Assert.ThrowsAsync<QStashUnreachableException>(() => client.Api.UrlGroups.ListAsync(Cancellation));

    [Fact]
    public async Task Is_logged_with_the_address_and_what_to_do()
    {
        using var log = new RecordingLogger();
        await using var client = Client(Nobody, log);

        await FailAsync(client);

        var line = Assert.Single(log.Messages);
        var address = Nobody.GetLeftPart(UriPartial.Authority);
        Assert.StartsWith($"QStash at {address} does not answer: Connection refused. Is the emulator running at {address}?", line, StringComparison.Ordinal);
        Assert.Contains("QSTASH_URL", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public async Task Is_logged_once_a_minute_however_many_calls_fail()
    {
        using var log = new RecordingLogger();
        await using var client = Client(Nobody, log);

        for (var second = 0; second < 180; second++)
        {
            await Task.WhenAll(FailAsync(client), FailAsync(client));
            client.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, log.Messages.Count);
    }

    [Fact]
    public async Task Is_logged_once_for_all_attempts_of_a_call()
    {
        using var log = new RecordingLogger();
        await using var client = Client(Nobody, log, retries: 3);

        var call = FailAsync(client);
        for (var retry = 0; retry < 3; retry++)
            await client.Clock.PassNextWaitAsync();
        await call;

        Assert.Single(log.Messages);
    }

    [Fact]
    public async Task Is_logged_when_it_is_over()
    {
        using var log = new RecordingLogger();
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Abort, Reply.Ok("[]"));
        await using var client = Client(qstash.Url, log);

        await FailAsync(client);
        await client.Api.UrlGroups.ListAsync(Cancellation);
        await client.Api.UrlGroups.ListAsync(Cancellation);

        Assert.Equal(2, log.Messages.Count);
        Assert.EndsWith("answers again", log.Messages.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_logged_once_a_minute_when_some_calls_are_answered()
    {
        using var log = new RecordingLogger();
        Reply[] replies = [.. Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? Reply.Abort : Reply.Ok("[]"))];
        await using var qstash = await ScriptedQStash.StartAsync(replies);
        await using var client = Client(qstash.Url, log);

        for (var i = 0; i < 10; i++)
        {
            await FailAsync(client);
            await client.Api.UrlGroups.ListAsync(Cancellation);
            client.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(4, log.Messages.Count);
    }

    [Fact]
    public async Task Is_none_when_QStash_refuses_or_limits_calls()
    {
        using var log = new RecordingLogger();
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(500));
        await using var client = Client(qstash.Url, log);

        await Assert.ThrowsAsync<QStashException>(() => client.Api.UrlGroups.ListAsync(Cancellation));

        Assert.Empty(log.Messages);
    }

    [Fact]
    public async Task Of_a_server_without_TLS_asks_about_https()
    {
        using var log = new RecordingLogger();
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("[]"));
        await using var client = Client(new Uri($"https://{qstash.Url.Authority}"), log);

        await FailAsync(client);

        Assert.Contains("speak https", Assert.Single(log.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_the_real_service_does_not_speak_of_the_emulator()
    {
        using var log = new RecordingLogger();
        await using var client = Client(new Uri("https://qstash.example"), log, new Unresolved());

        await FailAsync(client);

        var line = Assert.Single(log.Messages);
        Assert.Contains("No such host is known", line, StringComparison.Ordinal);
        Assert.DoesNotContain("emulator", line, StringComparison.Ordinal);
    }

    sealed class Unresolved : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new HttpRequestException(HttpRequestError.NameResolutionError, "No such host is known.");
    }
}
