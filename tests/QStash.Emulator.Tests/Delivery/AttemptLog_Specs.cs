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
