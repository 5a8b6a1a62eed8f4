using System.Diagnostics.CodeAnalysis;
using QStash.Emulator.Accounts;
using QStash.Emulator.Http;
using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

/// <summary>Publishes the messages of schedules when they are due, on one timer (contract 7.5).</summary>
sealed partial class ScheduleTimer(TimeProvider time, Publisher publisher, ILogger logger) : IDisposable
{
    // System timers take no more than 49 days; waking up early only arms them again.
    const long LongestWaitMs = 40 * 86_400_000L;

    readonly Lock _gate = new();
    readonly PriorityQueue<(Account Account, Schedule Schedule), long> _due = new();
    ITimer? _timer;
    bool _stopped;

    long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Makes a schedule fire at the next time its cron names. Needs the account's gate.</summary>
    public void Start(Account account, Schedule schedule)
    {
        schedule.Next = schedule.Cron.Next(Now);
        if (schedule.Next is not { } next)
            return;

        lock (_gate)
        {
            _due.Enqueue((account, schedule), next);
            Arm();
        }
    }

    /// <summary>Takes a schedule out that was paused, replaced or deleted. Needs the account's gate.</summary>
    public void Stop(Account account, Schedule schedule)
    {
        schedule.Next = null;
        lock (_gate)
            _due.Remove((account, schedule), out _, out _);
    }

    /// <summary>Publishes the messages of a schedule now. Needs the account's gate.</summary>
    public void Fire(Account account, Schedule schedule)
    {
        schedule.Last = Now;
        schedule.Error = null;
        schedule.LastOutcomes.Clear();
        try
        {
            var (targets, _) = DestinationResolver.Resolve(account, schedule.Destination);
            foreach (var receipt in publisher.Publish(account, schedule.Spec, targets, schedule.QueueName))
                schedule.LastOutcomes.Add(receipt.MessageId, null);
        }
        catch (ApiException exception)
        {
            // The group is gone, or a quota exhausted; the next time may be better.
            schedule.Error = exception.Message;
        }
    }

    /// <summary>Forgets all schedules. Needs the gates of all accounts.</summary>
    public void Clear()
    {
        lock (_gate)
            _due.Clear();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            _due.Clear();
            _timer?.Dispose();
        }
    }

    void OnTimer()
    {
        while (TakeDue() is { } entry)
        {
            lock (entry.Account.Gate)
            {
                // It may have been stopped in between.
                if (entry.Schedule.Next != entry.Due)
                    continue;

                FireAndStart(entry.Account, entry.Schedule);
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Nobody awaits a timer; a mistake here must not stop the server.")]
    void FireAndStart(Account account, Schedule schedule)
    {
        try
        {
            Fire(account, schedule);
            Start(account, schedule);
        }
        catch (Exception exception)
        {
            Broken(exception, schedule.Id);
        }
    }

    (Account Account, Schedule Schedule, long Due)? TakeDue()
    {
        lock (_gate)
        {
            if (_due.TryPeek(out var entry, out var due) && due <= Now)
            {
                _due.Dequeue();
                return (entry.Account, entry.Schedule, due);
            }

            Arm();
            return null;
        }
    }

    void Arm()
    {
        if (_stopped || !_due.TryPeek(out _, out var next))
            return;

        var wait = TimeSpan.FromMilliseconds(Math.Clamp(next - Now, 1, LongestWaitMs));
        if (_timer is null)
            _timer = time.CreateTimer(static state => ((ScheduleTimer)state!).OnTimer(), this, wait, Timeout.InfiniteTimeSpan);
        else
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(21, LogLevel.Error, "{ScheduleId} stops, because the emulator made a mistake")]
    partial void Broken(Exception exception, string scheduleId);
}
