using QStash.Emulator.Storage;

namespace QStash.Emulator.Snapshots;

/// <summary>What belonged to one user.</summary>
/// <param name="Name">The user's name.</param>
/// <param name="Messages">The messages that had not reached a final state.</param>
/// <param name="Queues">The queues.</param>
/// <param name="FlowControl">The flow control keys.</param>
/// <param name="UrlGroups">The URL groups.</param>
/// <param name="Schedules">The schedules.</param>
/// <param name="DeadLetters">The dead letters, oldest first.</param>
/// <param name="Deduplication">The keys by which a publish is recognized as a duplicate, oldest first.</param>
public sealed record UserSnapshot(
    string Name,
    IReadOnlyList<MessageSnapshot> Messages,
    IReadOnlyList<QueueSnapshot> Queues,
    IReadOnlyList<FlowControlSnapshot> FlowControl,
    IReadOnlyList<UrlGroupSnapshot> UrlGroups,
    IReadOnlyList<ScheduleSnapshot> Schedules,
    IReadOnlyList<DeadLetterSnapshot> DeadLetters,
    IReadOnlyList<DeduplicationSnapshot> Deduplication)
{
    internal static UserSnapshot Of(Account account, long now) => new(
        account.Name,
        [.. account.Messages.Select(MessageSnapshot.Of)],
        [.. account.Queues.Values.Select(QueueSnapshot.Of)],
        [.. account.FlowControlKeys.Values.Select(key => FlowControlSnapshot.Of(key, now))],
        [.. account.UrlGroups.Values.Select(UrlGroupSnapshot.Of)],
        [.. account.Schedules.Values.Select(ScheduleSnapshot.Of)],
        [.. account.DeadLetters.Letters.OrderBy(letter => letter.Sequence).Select(DeadLetterSnapshot.Of)],
        [.. account.Deduplication.InForce(now).Select(entry =>
            new DeduplicationSnapshot(entry.Key, entry.Message.ToString(), DateTimeOffset.FromUnixTimeMilliseconds(entry.ExpiresAt)))]);
}
