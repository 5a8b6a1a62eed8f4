using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Delivery;

public class Logging_attempts : EmulatorTest
{
    readonly Lines _lines = new();

    protected override QStashEmulatorOptions Options() => new() { TimeProvider = Clock, LoggerFactory = new LoggerFactory([_lines]) };

    [Fact]
    public async Task Writes_one_line_for_each_without_secrets()
    {
        Sink.AnswerWith(500, 200);
        var id = (await CallAsync(
            "POST", $"/v2/publish/{Sink.Url.Replace("//", "//user:pass@", StringComparison.Ordinal)}/a?key=hidden", "body", "Upstash-Forward-Authorization: Bearer hidden")).Id;
        await AdvanceAsync(60);
        Assert.Equal(
            [$"{id} POST {Sink.Url}/a retried=0 status=500 in 0 ms ", $"{id} POST {Sink.Url}/a retried=1 status=200 in 0 ms "],
            _lines.All);
    }

    [Theory]
    [InlineData("""{"reason":"fault","exceptionType":"Shop.CardException","message":"expired\u001b[2J\r\nx","consumerType":"Shop.Charge"}""", "fault: Shop.CardException: expired [2J  x (in Shop.Charge)")]
    [InlineData("""{"title":"Not Found","status":404,"detail":"no such order"}""", "Not Found: no such order")]
    [InlineData("a text that may hold a secret", "")]
    [InlineData("""{"token":"secret"}""", "")]
    [InlineData("{", "")]
    public async Task Has_the_reason_that_the_answer_gives(string answer, string reason)
    {
        Sink.Answer = async (_, context) =>
        {
            context.Response.StatusCode = 489;
            context.Response.Headers["Upstash-NonRetryable-Error"] = "true";
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(answer), Cancellation);
        };
        await PublishAsync();
        await IdleAsync();
        Assert.EndsWith("status=489 in 0 ms " + reason, Assert.Single(_lines.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_where_a_redirect_leads_that_is_not_followed()
    {
        Sink.Answer = (_, context) =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = "https://127.0.0.1/a";
            return Task.CompletedTask;
        };
        await PublishAsync("/a", null, "Upstash-Retries: 0");
        await IdleAsync();
        Assert.EndsWith("it redirects to https://127.0.0.1/a, and redirects are not followed", Assert.Single(_lines.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_that_nobody_gets_what_was_published()
    {
        await CallAsync("POST", "/v2/publish/nobody", "x");
        await CallAsync("POST", "/v2/batch", new[] { new { destination = "no-one", body = "x" } });
        Assert.Equal(["nobody", "no-one"], _lines.All.Select(line => line.Split("URL group ")[1].Split(' ')[0]));
    }

    [Fact]
    public async Task Warns_of_half_a_signal_to_give_up()
    {
        Sink.AnswerWith(489);
        await PublishAsync("/a", null, "Upstash-Retries: 0");
        await IdleAsync();
        Assert.Contains(_lines.All, line => line.Contains("Upstash-NonRetryable-Error", StringComparison.Ordinal));
    }

    sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
