using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Writes all log entries of the emulator to the log of its resource.</summary>
sealed class OneLogger(ILogger logger) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => logger;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
