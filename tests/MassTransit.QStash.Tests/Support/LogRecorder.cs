using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// Keeps the log lines of a service.
/// </summary>
sealed class LogRecorder : ILoggerProvider, ILogger
{
    const string StartReport = "BusStarts";

    readonly ConcurrentQueue<(LogLevel Level, string? Event, string Text)> _lines = new();

    public IReadOnlyList<string> Lines => _lines.Select(line => line.Text).ToArray();

    /// <summary>The start reports aside, which warn of the emulator each time.</summary>
    public IReadOnlyList<string> Warnings => _lines.Where(line => line.Level >= LogLevel.Warning && line.Event != StartReport).Select(line => line.Text).ToArray();

    public IReadOnlyList<(LogLevel Level, string Text)> StartReports => _lines.Where(line => line.Event == StartReport).Select(line => (line.Level, line.Text)).ToArray();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, eventId.Name, $"{formatter(state, exception)} {exception}"));

    public void Dispose()
    {
    }
}
