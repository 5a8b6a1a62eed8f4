using Microsoft.Extensions.Logging;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Limits the log of refused deliveries, because anybody can send them. For each reason it logs the first few of a minute, and then the
/// number of the others.
/// </summary>
sealed partial class RefusalLog(ILogger logger, TimeProvider timeProvider)
{
    const int MostLines = 10;

    static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    readonly Lock _lock = new();
    readonly Dictionary<string, Window> _windows = new(StringComparer.Ordinal);

    /// <summary>Counts a refusal and tells whether to log it.</summary>
    /// <param name="reason">One of a few fixed reasons, never text from a request.</param>
    public bool Admits(string reason)
    {
        lock (_lock)
        {
            if (!_windows.TryGetValue(reason, out var window))
                _windows.Add(reason,
                    window = new Window(timeProvider.CreateTimer(_ => Close(reason), null, Period, Timeout.InfiniteTimeSpan)));

            return ++window.Refusals <= MostLines;
        }
    }

    void Close(string reason)
    {
        Window? window;

        lock (_lock)
            _windows.Remove(reason, out window);

        window!.Timer.Dispose();

        if (window.Refusals > MostLines)
            LeftOut(logger, window.Refusals - MostLines, Period, reason);
    }

    [LoggerMessage(7, LogLevel.Warning, "Left out of the log: {Count} more refused deliveries within {Period}, for the same reason: "
        + "{Reason}")]
    static partial void LeftOut(ILogger logger, int count, TimeSpan period, string reason);

    sealed class Window(ITimer timer)
    {
        public ITimer Timer => timer;
        public int Refusals { get; set; }
    }
}
