using MassTransit.QStashTransport.Incoming;
using Microsoft.Extensions.Logging;
using QStash.Client;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// The logging of MassTransit and the transport for their buses. An entry about a call that the API did not answer gets the level Debug. It
/// is not lost: once a minute the client logs for all calls that QStash does not answer, and each caller gets the exception. An
/// exception that cannot be printed is replaced by its description.
/// </summary>
sealed class OutageLoggerFactory(ILoggerFactory loggers) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Logger(loggers.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose()
    {
        // The factory belongs to the application.
    }

    static bool IsOutage(Exception? exception)
    {
        while (exception is not (null or QStashUnreachableException))
            exception = exception.InnerException;

        return exception is not null;
    }

    sealed class Logger(ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            var level = logLevel > LogLevel.Debug && IsOutage(exception) ? LogLevel.Debug : logLevel;

            // MassTransit logs before it retries or redelivers, and a logger that throws would keep it from that.
            logger.Log(level, eventId, state, exception is null ? null : ReadableException.Of(exception), formatter);
        }
    }
}
