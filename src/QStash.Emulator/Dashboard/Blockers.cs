using QStash.Emulator.Storage;

namespace QStash.Emulator.Dashboard;

/// <summary>The messages that others wait for, in queues and in line for flow control keys.</summary>
/// <param name="Queues">For each queue the messages that are under way, also while they wait for a retry.</param>
/// <param name="FlowControlKeys">For each key the messages with an open attempt.</param>
sealed record Blockers(Dictionary<string, List<Blocker>> Queues, Dictionary<string, List<Blocker>> FlowControlKeys)
{
    const int Most = 3;

    public static Blockers Of(Account account)
    {
        var blockers = new Blockers([], []);
        lock (account.Gate)
        {
            foreach (var message in account.Messages)
            {
                // A callback shares the place of the message that caused it.
                if (message.Slot is { } slot)
                    Add(blockers.Queues, slot.Queue.Name, message);

                if (message.FlowControl is { } key && message.Phase == MessagePhase.InFlight)
                    Add(blockers.FlowControlKeys, key.Name, message);
            }
        }

        return blockers;
    }

    static void Add(Dictionary<string, List<Blocker>> all, string name, Message message)
    {
        if (!all.TryGetValue(name, out var some))
            all.Add(name, some = []);

        if (some.Count < Most)
            some.Add(new Blocker(message.Id, message.Phase == MessagePhase.InFlight, message.Retried,
                message.Phase == MessagePhase.InFlight ? null : message.Due));
    }
}
