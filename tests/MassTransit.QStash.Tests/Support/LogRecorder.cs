using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// Keeps the log lines of a service.
/// </summary>
sealed class LogRecorder : ILoggerProvider, ILogger
{
    const string StartReport = "BusStarts";

    readonly ConcurrentQueue<(LogLevel Level, string? Event, string Text)> _lines = new();
    readonly ConcurrentQueue<IReadOnlyDictionary<string, object?>> _entries = new();
    readonly Channel<string> _warnings = Channel.CreateUnbounded<string>();

    public IReadOnlyList<string> Lines => _lines.Select(line => line.Text).ToArray();

    /// <summary>The named values of each line, with its template as <c>{OriginalFormat}</c>.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, object?>> Entries => _entries.ToArray();

    /// <summary>The start reports aside, which warn of the emulator each time.</summary>
    public IReadOnlyList<string> Warnings => _lines.Where(line => line.Level >= LogLevel.Warning && line.Event != StartReport).Select(line => line.Text).ToArray();

    public IReadOnlyList<(LogLevel Level, string Text)> StartReports => _lines.Where(line => line.Event == StartReport).Select(line => (line.Level, line.Text)).ToArray();

    /// <summary>Waits for a warning with this text.</summary>
    public async Task WaitForWarningAsync(string part)
    {
        await foreach (var line in _warnings.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (line.Contains(part, StringComparison.Ordinal))
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

        if (logLevel >= LogLevel.Warning && eventId.Name != StartReport)
            _warnings.Writer.TryWrite(line);
    }

    public void Dispose()
    {
    }
}
