using QStash.Emulator.Grammar;
using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Durability;

/// <summary>A schedule. Its body is a member of its own, because a <see cref="MessageSpec"/> is stored without one.</summary>
sealed record StoredSchedule(
    string Id,
    string Cron,
    string Destination,
    MessageSpec Spec,
    byte[] Body,
    string? QueueName,
    long CreatedAt,
    bool Paused,
    long? Next,
    long? Last,
    Dictionary<string, bool?> LastOutcomes,
    string? Error)
{
    public static StoredSchedule Of(Schedule schedule) => new(
        schedule.Id,
        schedule.Cron.Text,
        schedule.Destination,
        schedule.Spec,
        schedule.Spec.Body,
        schedule.QueueName,
        schedule.CreatedAt,
        schedule.Paused,
        schedule.Next,
        schedule.Last,
        schedule.LastOutcomes,
        schedule.Error);

    public Schedule Restore()
    {
        var schedule = new Schedule
        {
            Id = Id,
            Cron = CronSchedule.Parse(Cron),
            Destination = Destination,
            Spec = Spec with { Body = Body },
            QueueName = QueueName,
            CreatedAt = CreatedAt,
            Paused = Paused,
            Next = Next,
            Last = Last,
            Error = Error,
        };
        foreach (var (id, delivered) in LastOutcomes)
            schedule.LastOutcomes.Add(id, delivered);

        return schedule;
    }
}
