using System.Net;
using System.Net.Sockets;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Delivery;

public class Retrying_a_delivery : EmulatorTest
{
    static readonly double Day = TimeSpan.FromDays(1).TotalSeconds;

    IEnumerable<double> Gaps => Sink.All.Zip(Sink.All.Skip(1), (a, b) => (b.At - a.At).TotalSeconds);

    [Theory, Check(57)]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(204)]
    [InlineData(299)]
    public async Task Stops_at_success(int status)
    {
        Sink.AnswerWith(status);
        var id = await PublishAsync();
        await AdvanceAsync(Day);
        Assert.Single(Sink.All);
        Assert.Equal("CREATED ACTIVE DELIVERED", await StatesAsync(id));
    }

    [Fact, Check(58, 72)]
    public async Task Gives_up_after_the_retries_asked_for()
    {
        Sink.AnswerWith(500);
        var id = await PublishAsync("/a", null, "Upstash-Retries: 2", "Upstash-Retry-Delay: 1000");
        await AdvanceAsync(Day);
        Assert.Equal(3, Sink.All.Count);
        Assert.Equal("CREATED ACTIVE ERROR RETRY ACTIVE ERROR RETRY ACTIVE ERROR FAILED", await StatesAsync(id));
        Assert.Equal(1, (await GetAsync("/v2/dlq?messageId=" + id)).Json.GetProperty("messages").GetArrayLength());

        var once = await PublishAsync("/a", null, "Upstash-Retries: 0");
        await IdleAsync();
        Assert.Equal("CREATED ACTIVE ERROR FAILED", await StatesAsync(once));
    }

    [Theory, Check(59, 60, 62)]
    [InlineData(301)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(489)]
    [InlineData(500)]
    public async Task Retries_three_times_by_default_whatever_the_failure(int status)
    {
        Sink.Answer = (_, context) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        await PublishAsync("/a", null, "Upstash-Retry-Delay: 1");
        await AdvanceAsync(Day);
        Assert.Equal(["/a", "/a", "/a", "/a"], Sink.All.Select(request => request.Target));
    }

    [Fact, Check(61)]
    public async Task Gives_up_at_once_when_told_so()
    {
        Sink.Answer = (request, context) =>
        {
            if (request.Target == "/a")
            {
                context.Response.StatusCode = 489;
                context.Response.Headers["Upstash-NonRetryable-Error"] = "true";
            }

            return Task.CompletedTask;
        };
        var id = await PublishAsync("/a", null, "Upstash-Failure-Callback: " + Sink.Url + "/failed");
        await AdvanceAsync(Day);
        Assert.Single(Sink.At("/a"));
        Assert.Single(Sink.At("/failed"));
        Assert.Equal("CREATED ACTIVE ERROR FAILED", await StatesAsync(id));
        Assert.Equal(489, (await GetAsync("/v2/dlq")).Json.GetProperty("messages")[0].GetProperty("responseStatus").GetInt32());
    }

    [Fact] // docs/qstash-contract.md#g45
    public async Task Takes_a_success_for_a_success_whatever_its_headers()
    {
        Sink.Answer = (_, context) =>
        {
            context.Response.Headers["Upstash-NonRetryable-Error"] = "true";
            return Task.CompletedTask;
        };
        var id = await PublishAsync();
        await IdleAsync();
        Assert.Equal("CREATED ACTIVE DELIVERED", await StatesAsync(id));
    }

    [Fact, Check(63)]
    public async Task Backs_off_exponentially_by_default()
    {
        Sink.AnswerWith(500);
        var id = await PublishAsync("/a", null, "Upstash-Retries: 5");
        await AdvanceAsync(3 * Day);
        var retries = (await GetAsync($"/v2/events?order=earliestFirst&state=RETRY&messageId={id}")).Json.GetProperty("events").EnumerateArray();
        Assert.Equal(
            [12_182, 148_413, 1_808_042, 22_026_465, 86_400_000],
            retries.Select(entry => entry.GetProperty("nextDeliveryTime").GetInt64() - entry.GetProperty("time").GetInt64()));
        Assert.Equal([12.182, 148.413, 1_808.042, 22_026.465, 86_400], Gaps);
    }

    [Theory, Check(64, 65)]
    [InlineData("pow(2, retried) * 1000", new double[] { 1, 2, 4 })]
    [InlineData("1000 * (1 + retried)", new double[] { 1, 2, 3 })]
    [InlineData("max(1000, pow(2, retried) * 100)", new double[] { 1, 1, 1 })]
    [InlineData("min(floor(2.7), ceil(1.2)) * 1000 + round(0.5) - abs(-1) + sqrt(4) * exp(0) * 500", new double[] { 3, 3, 3 })]
    public async Task Follows_the_expression(string expression, double[] seconds)
    {
        Sink.AnswerWith(500);
        await PublishAsync("/a", null, "Upstash-Retry-Delay: " + expression);
        await AdvanceAsync(60);
        Assert.Equal(seconds, Gaps);
    }

    [Theory, Check(67, 68, 69)]
    [InlineData("0", 0)]
    [InlineData("3", 3)]
    [InlineData("6m5s", 365)]
    [InlineData("250ms", 0.25)]
    [InlineData("1.5h", 5_400)]
    [InlineData("Thu, 01 Jan 2026 00:01:00 GMT", 60)]
    [InlineData("Sun, 01 Jan 2026 00:01:00 GMT", 60)] // it is a Thursday, as wrong as the example in the documentation
    [InlineData("Sunday, 01-Jan-26 00:01:00 GMT", 60)]
    [InlineData("Mon Jan  1 00:01:00 2026", 60)]
    [InlineData("thu, 1 jan 2026 0:01:00 gmt", 60)]
    [InlineData("01 Jan 2026 01:01:00 +01:00", 60)]
    [InlineData("2026-01-01T00:01:00Z", 60)]
    [InlineData("Wed, 31 Dec 2025 23:59:00 GMT", 0)]
    [InlineData("Thu, 31 Feb 2026 00:01:00 GMT", 12.182)]
    [InlineData("1.5", 12.182)]
    [InlineData("90000", 12.182)]
    [InlineData("1767225600", 12.182)]
    [InlineData("nonsense", 12.182)]
    public async Task Follows_the_destination(string value, double seconds)
    {
        string[] headers = ["Retry-After", "X-RateLimit-Reset", "X-RateLimit-Reset-Requests", "X-RateLimit-Reset-Tokens"];
        Sink.Answer = (request, context) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers[request.Target[1..]] = value;
            return Task.CompletedTask;
        };
        foreach (var header in headers)
            await PublishAsync("/" + header, null, "Upstash-Retries: 1");

        await AdvanceAsync(Day);
        Assert.All(headers, header => Assert.Equal((header, seconds), (header, (Sink.At("/" + header)[1].At - Sink.At("/" + header)[0].At).TotalSeconds)));
    }

    [Fact] // docs/qstash-contract.md#g44
    public async Task Follows_the_first_of_several_headers_and_prefers_them_to_the_expression()
    {
        Sink.Answer = (_, context) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers["X-RateLimit-Reset"] = "7";
            context.Response.Headers["Retry-After"] = "5";
            return Task.CompletedTask;
        };
        await PublishAsync("/a", null, "Upstash-Retries: 1", "Upstash-Retry-Delay: 1000");
        await AdvanceAsync(60);
        Assert.Equal([5], Gaps);
    }

    [Fact, Check(70)]
    public async Task Ends_an_attempt_that_takes_too_long()
    {
        var called = new TaskCompletionSource();
        Sink.Answer = async (_, context) =>
        {
            called.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var id = await PublishAsync("/a", null, "Upstash-Timeout: 1s", "Upstash-Retries: 0");
        await called.Task.WaitAsync(Cancellation);
        var idle = IdleAsync();
        Clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(idle.IsCompleted);
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        await idle;
        Assert.Equal("CREATED ACTIVE ERROR FAILED", await StatesAsync(id));
        var error = (await GetAsync("/v2/events?state=ERROR")).Json.GetProperty("events")[0];
        Assert.Equal("context deadline exceeded", error.GetProperty("error").GetString());
        Assert.Equal(0, error.GetProperty("responseStatus").GetInt32());
    }

    [Fact, Check(71)]
    public async Task Retries_when_nobody_listens()
    {
        // Bound but not listening: the port is ours and refuses connections.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var id = (await CallAsync("POST", $"/v2/publish/http://{socket.LocalEndPoint}/a", null, "Upstash-Retries: 1", "Upstash-Retry-Delay: 1000")).Id;
        await AdvanceAsync(1);
        Assert.Equal("CREATED ACTIVE ERROR RETRY ACTIVE ERROR FAILED", await StatesAsync(id));
    }
}
