using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// Keeps the log lines of a service.
/// </summary>
sealed class LogRecorder : ILoggerProvider, ILogger
{
    static readonly HashSet<string?> StartReport = ["BusStarts", "Risk", "Details"];

    readonly ConcurrentQueue<(LogLevel Level, string? Event, string Text)> _lines = new();
    readonly ConcurrentQueue<IReadOnlyDictionary<string, object?>> _entries = new();
    readonly Channel<(LogLevel Level, string Text)> _unread = Channel.CreateUnbounded<(LogLevel, string)>();

    public IReadOnlyList<string> Lines => _lines.Select(line => line.Text).ToArray();

    /// <summary>The named values of each line, with its template as <c>{OriginalFormat}</c>.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, object?>> Entries => _entries.ToArray();

    /// <summary>What a log of the default level shows.</summary>
    public IReadOnlyList<string> Shown => _lines.Where(line => line.Level >= LogLevel.Information).Select(line => line.Text).ToArray();

    /// <summary>The start reports aside, which warn of the emulator each time.</summary>
    public IReadOnlyList<string> Warnings => _lines.Where(line => line.Level >= LogLevel.Warning && !StartReport.Contains(line.Event)).Select(line => line.Text).ToArray();

    public IReadOnlyList<(LogLevel Level, string Text)> StartReports => _lines.Where(line => StartReport.Contains(line.Event)).Select(line => (line.Level, line.Text)).ToArray();

    /// <summary>Waits for a warning with this text, after the line that was waited for last.</summary>
    public Task WaitForWarningAsync(string part) => WaitForAsync(part, LogLevel.Warning);

    /// <summary>Waits for a line with this text, after the line that was waited for last.</summary>
    public async Task WaitForAsync(string part, LogLevel least = LogLevel.Debug)
    {
        await foreach (var (level, text) in _unread.Reader.ReadAllAsync(Cancellation))
        {
            if (level >= least && text.Contains(part, StringComparison.Ordinal))
                return;
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = $"{formatter(state, exception)} {exception}";

        if (state is IEnumerable<KeyValuePair<string, object?>> values)
            _entries.Enqueue(new Dictionary<string, object?>(values));

        _lines.Enqueue((logLevel, eventId.Name, line));

        if (!StartReport.Contains(eventId.Name))
            _unread.Writer.TryWrite((logLevel, line));
    }

    public void Dispose()
    {
    }
}
