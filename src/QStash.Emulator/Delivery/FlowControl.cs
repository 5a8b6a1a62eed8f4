using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

// docs/qstash-contract.md#flow-control
/// <summary>
/// Lets attempts begin as fast as their flow control keys allow. A message waits in the line of its key until it is called, so the cost of
/// a delivery does not depend on how many messages wait. All methods need the account's gate.
/// </summary>
sealed class FlowControl : IDisposable
{
    readonly DeliveryScheduler _scheduler;
    readonly DueTimes<(Account Account, FlowControlKey Key)> _periods;

    public FlowControl(TimeProvider time, DeliveryScheduler scheduler)
    {
        _scheduler = scheduler;
        _periods = new DueTimes<(Account Account, FlowControlKey Key)>(time, OnPeriod);
    }

    /// <summary>Gives the key of a new message the limits that the message brings. The first message of a key creates it.</summary>
    public FlowControlKey? Configure(Account account, FlowControlSpec? spec)
    {
        if (spec is null)
            return null;

        if (!account.FlowControlKeys.TryGetValue(spec.Key, out var key))
            account.FlowControlKeys.Add(spec.Key, key = new FlowControlKey(spec.Key, _scheduler.Now));

        if (key.Configure(spec.Limits))
            account.Journal?.Save(key);

        Advance(account, key);
        return key;
    }

    /// <summary>Whether an attempt may begin now. If not, it is scheduled again when it may.</summary>
    public bool TryEnter(Message message)
    {
        if (message.FlowControl is not { } key || key.TryEnter(message, _scheduler.Now))
            return true;

        Advance(message.Account, key);
        return false;
    }

    /// <summary>Counts an attempt that begins; <see cref="End"/> follows.</summary>
    public void Start(Message message)
    {
        message.Account.InFlight++;
        if (message.FlowControl is { } key)
        {
            key.Start(_scheduler.Now);
            message.Account.Journal?.Save(key);
        }
    }

    public void End(Message message)
    {
        message.Account.InFlight--;
        if (message.FlowControl is { } key)
        {
            key.End();
            Advance(message.Account, key);
        }
    }

    /// <summary>Takes a message out of the line: it does not begin now.</summary>
    public void Leave(Message message)
    {
        if (message.FlowControl is { } key)
        {
            key.Leave(message);
            Advance(message.Account, key);
        }
    }

    /// <summary>Calls the messages that may begin now, after the key has changed.</summary>
    public void Advance(Account account, FlowControlKey key)
    {
        var now = _scheduler.Now;
        foreach (var message in key.Call(now))
            _scheduler.Schedule(message, now);

        if (key.NextPeriod is { } next && (key.WakeAt is not { } wake || next < wake))
        {
            key.WakeAt = next;
            _periods.Add((account, key), next);
        }
    }

    /// <summary>Forgets all keys.</summary>
    public void Clear() => _periods.Clear();

    public void Dispose() => _periods.Dispose();

    void OnPeriod((Account Account, FlowControlKey Key) entry, long due)
    {
        lock (entry.Account.Gate)
        {
            if (entry.Key.WakeAt == due)
                entry.Key.WakeAt = null;

            Advance(entry.Account, entry.Key);
        }
    }
}
