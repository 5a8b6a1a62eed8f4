using QStash.Emulator.Faults;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

/// <summary>Applies the fault rules to deliveries.</summary>
/// <param name="rules">The faults.</param>
/// <param name="sender">Makes the attempts.</param>
/// <param name="time">The clock of delays.</param>
/// <param name="start">Begins an attempt that was held back.</param>
sealed class DeliveryFaults(FaultRules rules, DeliverySender sender, TimeProvider time, Action<Message> start)
{
    static readonly TimeSpan DefaultHold = TimeSpan.FromSeconds(10);

    readonly Lock _gate = new();
    readonly HashSet<HeldAttempt> _held = [];
    readonly Dictionary<Message, HeldAttempt> _overtaken = [];

    /// <summary>
    /// Whether the attempt has to begin later. If so, <c>start</c> is called for it when it may begin, and then it passes. Needs
    /// the account's gate.
    /// </summary>
    public bool Hold(Message message)
    {
        if (message.WasHeld)
        {
            message.WasHeld = false;
            return false;
        }

        foreach (var fault in rules.Matching(message, FaultStage.BeforeAttempt))
        {
            if (fault.Rule.Action == FaultAction.Reorder && Overtake(message, fault))
                return false;

            if (fault.TryHit())
            {
                Hold(message, fault);
                return true;
            }
        }

        return false;
    }

    public async Task<AttemptResult> SendAsync(Message message, int retried, CancellationToken stopping)
    {
        try
        {
            switch (rules.Matching(message, FaultStage.Attempt).FirstOrDefault(static fault => fault.TryHit())?.Rule.Action)
            {
                case FaultAction.Refuse:
                    return new AttemptResult { TransportError = "connection failed: ConnectionRefused" };
                case FaultAction.CorruptSignature:
                    return await sender.SendAsync(message, retried, stopping, corruptSignature: true);
                case FaultAction.DropAnswer:
                    await sender.SendAsync(message, retried, stopping);
                    return new AttemptResult { TransportError = "connection failed: ConnectionReset" };
                case FaultAction.Duplicate:
                    var first = await sender.SendAsync(message, retried, stopping);
                    await sender.SendAsync(message, retried, stopping);
                    return first;
                default:
                    return await sender.SendAsync(message, retried, stopping);
            }
        }
        finally
        {
            HeldAttempt? overtaken;
            lock (_gate)
                _overtaken.Remove(message, out overtaken);

            if (overtaken is not null)
                Release(overtaken);
        }
    }

    /// <summary>Forgets the attempts that are held back.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            foreach (var held in _held)
                held.Timer!.Dispose();

            _held.Clear();
            _overtaken.Clear();
        }
    }

    void Hold(Message message, ActiveFault fault)
    {
        lock (_gate)
        {
            message.WasHeld = true;
            var held = new HeldAttempt(message, fault);
            _held.Add(held);
            held.Timer = time.CreateTimer(_ => Release(held), null, fault.Rule.Delay ?? DefaultHold, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Lets a message pass the one that the rule holds back, if any.</summary>
    bool Overtake(Message message, ActiveFault fault)
    {
        lock (_gate)
        {
            var held = _held.FirstOrDefault(held => held.Fault == fault && !_overtaken.ContainsValue(held));
            if (held is not null)
                _overtaken[message] = held;

            return held is not null;
        }
    }

    void Release(HeldAttempt held)
    {
        lock (_gate)
        {
            if (!_held.Remove(held))
                return;

            held.Timer!.Dispose();
        }

        start(held.Message);
    }
}
