using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// Keeps the log lines of a service.
/// </summary>
sealed class LogRecorder : ILoggerProvider, ILogger
{
    readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IReadOnlyList<string> Lines => _lines.Select(line => line.Text).ToArray();

    public IReadOnlyList<string> Warnings => _lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text).ToArray();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));

    public void Dispose()
    {
    }
}
