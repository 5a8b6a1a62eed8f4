using System.Diagnostics.CodeAnalysis;
using QStash.Emulator.Errors;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

// docs/qstash-contract.md#schedules
/// <summary>Publishes the messages of schedules when they are due.</summary>
sealed partial class ScheduleTimer : IDisposable
{
    readonly TimeProvider _time;
    readonly Publisher _publisher;
    readonly ILogger _logger;
    readonly DueTimes<(Account Account, Schedule Schedule)> _due;

    public ScheduleTimer(TimeProvider time, Publisher publisher, ILogger logger)
    {
        _time = time;
        _publisher = publisher;
        _logger = logger;
        _due = new DueTimes<(Account Account, Schedule Schedule)>(time, OnDue);
    }

    long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Sets a schedule to fire at the next time of its cron expression. Needs the account's gate.</summary>
    public void Start(Account account, Schedule schedule)
    {
        schedule.Next = schedule.Cron.Next(Now);
        Add(account, schedule);
    }

    /// <summary>
    /// Sets a schedule that was read from the data file. If its time has passed, it fires now. It does not wait longer than a new one,
    /// because the clock may have been ahead before. Needs the account's gate.
    /// </summary>
    public void Resume(Account account, Schedule schedule)
    {
        if (schedule.Next > schedule.Cron.Next(Now))
            Start(account, schedule);
        else
            Add(account, schedule);
    }

    /// <summary>Stops a schedule that was paused, replaced or deleted. Needs the account's gate.</summary>
    public void Stop(Account account, Schedule schedule)
    {
        schedule.Next = null;
        _due.Remove((account, schedule));
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
            foreach (var receipt in _publisher.Publish(account, schedule.Spec, targets, schedule.QueueName))
                schedule.LastOutcomes.Add(receipt.MessageId, null);
        }
        catch (ApiException exception)
        {
            // The group is gone, or a quota is used up. The schedule tries again at its next time.
            schedule.Error = exception.Message;
        }
    }

    /// <summary>Forgets all schedules. Needs the gates of all accounts.</summary>
    public void Clear() => _due.Clear();

    public void Dispose() => _due.Dispose();

    void Add(Account account, Schedule schedule)
    {
        if (schedule.Next is { } next)
            _due.Add((account, schedule), next);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Nobody awaits a timer; a mistake here must not stop the server.")]
    void OnDue((Account Account, Schedule Schedule) entry, long due)
    {
        lock (entry.Account.Gate)
        {
            // It may have been stopped in between.
            if (entry.Schedule.Next != due)
                return;

            try
            {
                Fire(entry.Account, entry.Schedule);
                Start(entry.Account, entry.Schedule);
                entry.Account.Journal?.Save(entry.Schedule);
            }
            catch (Exception exception)
            {
                Broken(exception, entry.Schedule.Id);
            }
        }
    }

    [LoggerMessage(21, LogLevel.Error, "{ScheduleId} stops because of an error in the emulator")]
    partial void Broken(Exception exception, string scheduleId);
}
