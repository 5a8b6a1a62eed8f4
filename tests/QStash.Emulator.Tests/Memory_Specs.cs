using System.Net;
using System.Text;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests;

[CollectionDefinition("Alone", DisableParallelization = true)]
public class Alone;

/// <summary>Nothing else may run meanwhile, since memory is that of the process.</summary>
[Collection("Alone")]
public class The_memory_of_many_messages : EmulatorTest
{
    [Fact]
    public async Task Is_given_back_by_a_reset()
    {
        await using var emulator = await QStashEmulator.StartAsync(new() { TimeProvider = Clock, EnableControl = true }, Cancellation);
        for (var i = 0; i < 60; i++)
            await CallAsync(emulator, "POST", $"/v2/publish/{Sink.Url}/a", new byte[1024 * 1024], "Upstash-Delay: 1h");

        var full = GC.GetTotalMemory(forceFullCollection: true);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(emulator, "POST", "/emulator/reset")).Status);
        // Without a collection of the test's own.
        Assert.InRange(full - GC.GetTotalMemory(forceFullCollection: false), 40 * 1024 * 1024, long.MaxValue);
    }
}

public class What_is_kept_of_a_large_answer : EmulatorTest
{
    const int Answer = 20 * 1024 * 1024;
    const int Kept = 64 * 1024;

    static readonly byte[] Large = Encoding.ASCII.GetBytes(new string('x', Answer));

    [Fact]
    public async Task Is_its_beginning_in_the_log_and_in_the_dead_letter_queue()
    {
        AnswerLarge(500);
        var id = await PublishAsync("/a", "body", "Upstash-Retries: 1");
        await AdvanceAsync(3600);
        var letter = (await GetAsync("/v2/dlq")).Json.GetProperty("messages")[0];
        Assert.Equal(Kept, letter.GetProperty("responseBody").GetString()!.Length);
        var log = await GetAsync("/v2/logs?messageId=" + id);
        Assert.Equal(
            [Kept, Kept], log.Json.GetProperty("logs").EnumerateArray().Where(entry => entry.TryGetProperty("responseBody", out _)).Select(entry => entry.GetProperty("responseBody").GetBytesFromBase64().Length));
    }

    [Theory]
    [InlineData("Upstash-Callback", 200)]
    [InlineData("Upstash-Failure-Callback", 500)]
    public async Task Is_as_much_as_a_message_may_have_in_a_callback(string callback, int status)
    {
        var sizes = new List<int>();
        AnswerLarge(status);
        var large = Sink.Answer;
        Sink.Answer = async (request, context) =>
        {
            if (request.Target == "/a")
                await large(request, context);
            else
                sizes.Add(request.Json.GetProperty("body").GetBytesFromBase64().Length);
        };
        await PublishAsync("/a", "body", $"{callback}: {Sink.Url}/callback", "Upstash-Retries: 0");
        await IdleAsync();
        Assert.Equal([QuotaPlan.None.MaxMessageSize], sizes);
    }

    [Fact]
    public async Task Is_less_when_the_log_is_full_of_headers()
    {
        var headers = Enumerable.Range(0, 40).Select(i => $"Upstash-Forward-H{i}: {new string('h', 20_000)}").ToArray();
        // 1.6 MB of memory each, in a log that may take 128 MiB.
        for (var i = 0; i < 100; i++)
            await PublishAsync("/a?" + i, null, [.. headers, "Upstash-Forward-N: " + i]);

        await IdleAsync();
        var first = (await GetAsync("/v2/logs?order=earliestFirst&count=1")).Json.GetProperty("logs")[0];
        Assert.False(first.GetProperty("url").GetString()!.EndsWith("/a?0", StringComparison.Ordinal));
    }

    void AnswerLarge(int status) => Sink.Answer = async (_, context) =>
    {
        context.Response.StatusCode = status;
        try
        {
            await context.Response.Body.WriteAsync(Large, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The emulator has read enough.
        }
    };
}
