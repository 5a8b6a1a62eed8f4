using QStash.Emulator.Node.Tests.Support;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Node.Tests;

/// <summary>The SDK goes by the system clock, so the emulator starts there too.</summary>
public abstract class ReceivingTest(JavaScript javaScript) : NodeTest(javaScript)
{
    /// <summary>Verifies with the development keys and says <c>true</c>, or what is wrong.</summary>
    protected const string Verify = """
        const { keys: [currentSigningKey, nextSigningKey], signature, body, url } = given;
        return await new Receiver({ currentSigningKey, nextSigningKey }).verify({ signature, body, url }).catch(e => e.message);
        """;

    protected (string Current, string Next) Keys { get; private set; }

    protected virtual TimeSpan Offset => TimeSpan.Zero;

    protected override QStashEmulatorOptions Options() => new() { TimeProvider = new VirtualClock(DateTimeOffset.UtcNow + Offset) };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Keys = (Emulator.DefaultUser.CurrentSigningKey, Emulator.DefaultUser.NextSigningKey);
    }

    internal async Task<Received> DeliverAsync(string body = "{\"hello\":\"wörld\"}")
    {
        await PublishAsync("/hook?x=1", body);
        await IdleAsync();
        return Sink.All[^1];
    }

    internal async Task<string> VerifyAsync(Received delivery, string? body = null, string? url = null, (string, string)? keys = null)
    {
        var (current, next) = keys ?? Keys;
        var answer = await ScriptAsync(Verify, new
        {
            keys = new[] { current, next },
            signature = delivery.Header("Upstash-Signature"),
            body = body ?? delivery.Text,
            url = url ?? Sink.Url + delivery.Target,
        });
        return answer.ToString();
    }
}

public class Verifying_a_delivery_with_the_official_receiver(JavaScript javaScript) : ReceivingTest(javaScript)
{
    [Theory] // 55
    [InlineData("{\"hello\":\"wörld\"}")]
    [InlineData("")]
    public async Task Accepts_what_was_signed(string body) => Assert.Equal("True", await VerifyAsync(await DeliverAsync(body)));

    [Fact]
    public async Task Accepts_a_callback()
    {
        await PublishAsync("/a", "1", $"Upstash-Callback: {Sink.Url}/done?a=b");
        await IdleAsync();
        Assert.Equal("True", await VerifyAsync(Sink.At("/done?a=b").Single()));
    }

    [Fact]
    public async Task Refuses_another_body_or_url()
    {
        var delivery = await DeliverAsync();
        Assert.StartsWith("body hash does not match", await VerifyAsync(delivery, body: "{\"hello\": \"wörld\"}"), StringComparison.Ordinal);
        Assert.StartsWith("invalid subject", await VerifyAsync(delivery, url: Sink.Url + "/hook"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_other_keys()
    {
        var delivery = await DeliverAsync();
        Assert.Equal("signature verification failed", await VerifyAsync(delivery, keys: ("sig_other", "sig_another")));
    }

    [Fact] // 54
    public async Task Accepts_the_next_key_after_a_rotation_and_no_later_one()
    {
        var rotated = await ScriptAsync("return await fetch(baseUrl + '/v2/keys/rotate', { method: 'POST', headers: { Authorization: 'Bearer ' + token } }).then(answer => answer.json())");
        Assert.Equal(Keys.Next, rotated.GetProperty("current").GetString());
        Assert.Equal("True", await VerifyAsync(await DeliverAsync()));

        await CallAsync("POST", "/v2/keys/rotate");
        Assert.Equal("signature verification failed", await VerifyAsync(await DeliverAsync()));
        Assert.Equal("True", await VerifyAsync(await DeliverAsync(), keys: (Emulator.DefaultUser.CurrentSigningKey, Emulator.DefaultUser.NextSigningKey)));
    }

    [Fact] // 1
    public async Task Gets_both_keys_from_the_api()
    {
        var keys = await ScriptAsync("return await client.http.request({ method: 'GET', path: ['v2', 'keys'] })");
        Assert.Equal(Keys, (keys.GetProperty("current").GetString()!, keys.GetProperty("next").GetString()!));
    }

    [Fact]
    public async Task Lets_a_service_in_javascript_publish_to_itself()
    {
        var outcome = await ScriptAsync("""
            const [currentSigningKey, nextSigningKey] = given;
            const receiver = new Receiver({ currentSigningKey, nextSigningKey });
            const server = http.createServer();
            await new Promise(listening => server.listen(0, '127.0.0.1', listening));
            const url = `http://127.0.0.1:${server.address().port}/jobs`;
            const handled = new Promise((resolve, reject) => server.on('request', async (request, response) => {
              try {
                let body = '';
                for await (const part of request.setEncoding('utf8')) body += part;
                await receiver.verify({ signature: request.headers['upstash-signature'], body, url });
                response.end(() => resolve(JSON.parse(body)));
              } catch (error) {
                response.writeHead(401).end();
                reject(error);
              }
            }));
            await client.publishJSON({ url, body: { job: 7 } });
            return await handled.finally(() => server.close());
            """, new[] { Keys.Current, Keys.Next });
        Assert.Equal(7, outcome.GetProperty("job").GetInt32());
    }
}

public class Verifying_an_old_delivery_with_the_official_receiver(JavaScript javaScript) : ReceivingTest(javaScript)
{
    protected override TimeSpan Offset => TimeSpan.FromMinutes(-6);

    // The SDK reports what is wrong by the next key, so that has to be the right one.
    [Fact]
    public async Task Refuses_it() =>
        Assert.Equal("\"exp\" claim timestamp check failed", await VerifyAsync(await DeliverAsync(), keys: (Keys.Current, Keys.Current)));
}
