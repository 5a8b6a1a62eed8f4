using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace QStash.Client.Tests;

sealed class RecordingLogger : ILoggerProvider, ILogger
{
    readonly ConcurrentQueue<string> _lines = new();

    readonly ConcurrentQueue<string> _messages = new();

    /// <summary>Everything that a sink could show of each entry and scope.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>The entries of level Information and above.</summary>
    public IReadOnlyCollection<string> Messages => _messages;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull
    {
        _lines.Enqueue(state.ToString() ?? "");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Information)
            _messages.Enqueue(formatter(state, exception) + exception);

        _lines.Enqueue($"{formatter(state, exception)} {string.Join(' ', state as IEnumerable<KeyValuePair<string, object?>> ?? [])} {exception}");
    }

    public void Dispose()
    {
    }
}
