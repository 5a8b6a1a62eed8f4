using QStash.Emulator.Faults;
using QStash.Emulator.Node.Tests.Support;

namespace QStash.Emulator.Node.Tests;

public class Publishing_with_the_official_client(JavaScript javaScript) : NodeTest(javaScript)
{
    [Fact] // 13, 30
    public async Task Delivers_json()
    {
        var id = (await ScriptAsync("return (await client.publishJSON({ url: sink + '/orders?x=1', body: { order: 7 } })).messageId")).GetString();
        await IdleAsync();
        var received = Assert.Single(Sink.All);
        Assert.Equal(("POST", "/orders?x=1", """{"order":7}"""), (received.Method, received.Target, received.Text));
        Assert.Equal(("application/json", id), (received.Header("Content-Type"), received.Header("Upstash-Message-Id")));
        Assert.DoesNotContain(received.Headers.Keys, name => name.Contains("Telemetry", StringComparison.OrdinalIgnoreCase));
    }

    [Fact] // 21, 23, 24
    public async Task Forwards_headers_and_method()
    {
        await ScriptAsync("""
            await client.publish({
              url: sink + '/a', method: 'PUT', body: 'text',
              headers: { 'Content-Type': 'text/plain', 'X-Tenant': 'blue', Authorization: 'Bearer theirs' },
            });
            """);
        await IdleAsync();
        var received = Assert.Single(Sink.All);
        Assert.Equal(("PUT", "text", "text/plain"), (received.Method, received.Text, received.Header("Content-Type")));
        Assert.Equal(("blue", "Bearer theirs"), (received.Header("X-Tenant"), received.Header("Authorization")));
    }

    [Fact] // 19
    public async Task Keeps_binary_bodies()
    {
        await ScriptAsync("await client.publish({ url: sink + '/a', body: new Blob([Uint8Array.from({ length: 256 }, (_, i) => i)]) })");
        await IdleAsync();
        Assert.Equal(Enumerable.Range(0, 256).Select(i => (byte)i), Assert.Single(Sink.All).Body);
    }

    [Fact] // 33, 35
    public async Task Waits_for_a_delay_and_for_a_time()
    {
        var later = Clock.GetUtcNow().AddMinutes(2).ToUnixTimeSeconds();
        await ScriptAsync("""
            await client.publish({ url: sink + '/number', delay: 60 });
            await client.publish({ url: sink + '/text', delay: '1m' });
            await client.publish({ url: sink + '/time', notBefore: given });
            """, later);
        await AdvanceAsync(59);
        Assert.Empty(Sink.All);
        await AdvanceAsync(1);
        Assert.Equal(["/number", "/text"], Sink.All.Select(request => request.Target).Order());
        await AdvanceAsync(60);
        Assert.Single(Sink.At("/time"));
    }

    [Fact] // 58, 64
    public async Task Retries_as_told()
    {
        Sink.AnswerWith(500);
        await ScriptAsync("await client.publish({ url: sink + '/a', retries: 2, retryDelay: '1000 * (1 + retried)' })");
        var start = Clock.GetUtcNow();
        await AdvanceAsync(60);
        Assert.Equal([0, 1, 3], Sink.All.Select(request => (request.At - start).TotalSeconds));
    }

    [Fact] // 70
    public async Task Times_out_as_told()
    {
        var called = new TaskCompletionSource();
        Sink.Answer = (_, context) =>
        {
            called.TrySetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var id = (await ScriptAsync("return (await client.publish({ url: sink + '/a', retries: 0, timeout: 1.5 })).messageId")).GetString()!;
        await called.Task.WaitAsync(Cancellation);
        Clock.Advance(TimeSpan.FromSeconds(1.5));
        await IdleAsync();
        Assert.Equal("CREATED ACTIVE ERROR FAILED", await StatesAsync(id));
    }

    [Fact] // 86, 88
    public async Task Deduplicates()
    {
        var answers = await ScriptAsync("""
            const twice = async message => [await client.publish(message), await client.publish(message)];
            return [
              ...await twice({ url: sink + '/id', deduplicationId: 'once' }),
              ...await twice({ url: sink + '/content', body: 'same', contentBasedDeduplication: true }),
            ];
            """);
        await IdleAsync();
        Assert.Equal(["/content", "/id"], Sink.All.Select(request => request.Target).Order());
        Assert.Equal([false, true, false, true], answers.EnumerateArray().Select(answer => answer.TryGetProperty("deduplicated", out var same) && same.GetBoolean()));
        Assert.Equal(answers[0].GetProperty("messageId").GetString(), answers[1].GetProperty("messageId").GetString());
    }

    [Fact] // 4.2, 162, 163
    public async Task Redacts()
    {
        var shown = await ScriptAsync("""
            const { messageId } = await client.publish({
              url: sink + '/a', body: 'secret', delay: 10, headers: { 'X-Key': 'k', 'X-Open': 'o' }, redact: { body: true, header: ['X-Key'] },
            });
            return await client.messages.get(messageId);
            """);
        Assert.StartsWith("REDACTED:", shown.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("REDACTED:", shown.GetProperty("header").GetProperty("X-Key")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("o", shown.GetProperty("header").GetProperty("X-Open")[0].GetString());
        await AdvanceAsync(10);
        Assert.Equal(("secret", "k"), (Sink.All.Single().Text, Sink.All.Single().Header("X-Key")));
    }

    [Fact] // The SDK repeats a publish whose answer was lost
    public async Task Stores_a_message_once_when_the_answer_is_lost()
    {
        Emulator.Faults.Add(new FaultRule(FaultAction.DropApiAnswer) { Count = 1 });
        var answer = await ScriptAsync("""
            const patient = new Client({ baseUrl, token, retry: { retries: 1, backoff: () => 0 } });
            return await patient.publish({ url: sink + '/a', deduplicationId: 'once' });
            """);
        await IdleAsync();
        Assert.Single(Sink.All);
        Assert.True(answer.GetProperty("deduplicated").GetBoolean());
    }

    [Theory]
    [InlineData("client.publish({ url: 'no-such-group' })", 404, "topic no-such-group not found")] // 18
    [InlineData("client.publish({ url: 'https%3A%2F%2Fx.example' })", 400, "invalid scheme")] // 16
    [InlineData("client.publish({ url: sink, delay: 'soon' })", 400, "Upstash-Delay")] // 38
    [InlineData("client.publish({ url: sink, deduplicationId: 'a:b' })", 400, "DeduplicationId cannot contain")] // 91
    [InlineData("new Client({ baseUrl, token: 'wrong' }).publish({ url: sink })", 401, "invalid token")] // 3
    public async Task Fails_with_an_error_that_says_why(string call, int status, string expected)
    {
        var error = await ScriptAsync($"return await {call}.catch(e => ({{ name: e.name, status: e.status, message: e.message }}))");
        Assert.Equal(("QstashError", status), (error.GetProperty("name").GetString(), error.GetProperty("status").GetInt32()));
        Assert.Contains(expected, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(Sink.All);
    }

    [Theory] // docs/qstash-contract.md#rate-limits
    [InlineData(FaultAction.DailyLimit, "QstashDailyRatelimitError")]
    [InlineData(FaultAction.BurstLimit, "QstashRatelimitError")]
    public async Task Tells_the_limits_apart(FaultAction limit, string expected)
    {
        Emulator.Faults.Add(new FaultRule(limit));
        var error = await ScriptAsync("return await client.publish({ url: sink }).catch(e => ({ name: e.name, limit: e.limit, reset: e.reset }))");
        Assert.Equal(expected, error.GetProperty("name").GetString());
        Assert.NotEmpty(error.GetProperty("limit").GetString()!);
        Assert.InRange(long.Parse(error.GetProperty("reset").GetString()!, null), Clock.GetUtcNow().ToUnixTimeSeconds(), long.MaxValue);
    }
}
