using Microsoft.Extensions.Logging;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Keeps the log of refused deliveries small: anybody can send them. Of each reason it takes the first few of a minute, and
/// then says how many more there were.
/// </summary>
sealed partial class RefusalLog(ILogger logger, TimeProvider timeProvider)
{
    const int MostLines = 10;

    static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    readonly Lock _lock = new();
    readonly Dictionary<string, Window> _windows = new(StringComparer.Ordinal);

    /// <summary>Counts a refusal, and says whether it may be logged.</summary>
    /// <param name="reason">One of a few, and never what a stranger wrote.</param>
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
