using MassTransit.QStash.Soak.Messages;
using MassTransit.QStash.Soak.Services;

namespace MassTransit.QStash.Soak.Judging;

/// <summary>
/// Reads the ledgers, and decides in the end. An order may be handled twice, and end in the dead letter queue; it may not
/// disappear, and its delivery may not be acknowledged before it was handled.
/// </summary>
sealed class Judge(int orders)
{
    readonly Lock _gate = new();
    readonly bool[] _accepted = new bool[orders];
    readonly ServiceRecord _billing = new(BillingService.Name, orders);
    readonly ServiceRecord _orders = new(OrdersService.Name, orders);
    readonly List<string> _accidents = [];
    readonly HashSet<string> _gains = [];
    readonly List<(long Progress, TaskCompletionSource Reached)> _awaited = [];
    int _acceptedOrders;
    int _sendings;
    int _failedPublishes;
    int _refusals;

    /// <summary>Grows by one for each order at each of its three steps: accepted, billed, marked as billed.</summary>
    public long Progress
    {
        get
        {
            lock (_gate)
                return _acceptedOrders + _billing.HandledOrders + _orders.HandledOrders;
        }
    }

    public bool IsAllAccepted
    {
        get
        {
            lock (_gate)
                return _acceptedOrders == orders;
        }
    }

    /// <summary>Takes an entry of a service's ledger, in the order they were written.</summary>
    public void Read(string service, LedgerEntry entry)
    {
        lock (_gate)
        {
            switch (entry.Kind)
            {
                case LedgerKind.Sending:
                    _sendings++;
                    break;
                case LedgerKind.NotAccepted:
                    _failedPublishes++;
                    break;
                case LedgerKind.Accepted:
                    if (!_accepted[entry.Number])
                        _acceptedOrders++;

                    _accepted[entry.Number] = true;
                    break;
                case LedgerKind.Rejected:
                    _refusals++;
                    break;
                case LedgerKind.TooEarly:
                    _accidents.Add($"the reminder of order {entry.Number} came before its time");
                    break;
                default:
                    (service == BillingService.Name ? _billing : _orders).Read(entry);
                    break;
            }

            _awaited.RemoveAll(awaited => Progress >= awaited.Progress && awaited.Reached.TrySetResult());
        }
    }

    /// <summary>Takes note of what must not have happened.</summary>
    public void Blame(string accident)
    {
        lock (_gate)
            _accidents.Add(accident);
    }

    /// <summary>Takes note of a power that a copy of a delivery, with other headers, gave whoever sent it.</summary>
    public void Gain(string power)
    {
        lock (_gate)
            _gains.Add(power);
    }

    /// <summary>Completes when a part of the work is done, from 0 to 1; poison is never done.</summary>
    public Task ReachAsync(double part)
    {
        lock (_gate)
        {
            var goal = (long)(part * (orders + (2 * Enumerable.Range(0, orders).Count(static order => !Poison.Is(order)))));
            if (Progress >= goal)
                return Task.CompletedTask;

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((goal, reached));
            return reached.Task;
        }
    }

    /// <summary>The orders that are neither consumed by both services nor in the dead letter queue.</summary>
    public IReadOnlyList<string> Open(IReadOnlyCollection<DeadOrder> deadLetters)
    {
        var dead = deadLetters.ToHashSet();
        lock (_gate)
            return [.. Enumerable.Range(0, orders).Select(order => WhyOpen(order, dead)).OfType<string>()];
    }

    public Verdict Decide(Aftermath aftermath)
    {
        var billed = aftermath.Billed.CountBy(static order => order).ToDictionary();
        var settled = aftermath.Settled.CountBy(static effect => effect).ToDictionary();
        lock (_gate)
        {
            _gains.UnionWith(_billing.Doubled);
            _gains.UnionWith(_orders.Doubled);
            _gains.UnionWith(billed.Where(static order => order.Value > 1)
                .Select(static order => $"order {order.Key} had its effect {order.Value} times in spite of the durable inbox"));
            _gains.UnionWith(settled.Where(static effect => effect.Key.Kind != SideEffects.Ticks && effect.Value > 1)
                .Select(static effect => (effect.Key.Kind, effect.Key.Order, Count: effect.Value))
                .Select(static effect => $"order {effect.Order} had its effect at {effect.Kind} {effect.Count} times in spite of the durable inbox"));
            List<string> violations =
            [
                .. _accidents,
                .. _gains,
                .. Unsettled(settled.Keys).Select(static effect => $"the effect at {effect.Kind} of order {effect.Order} is missing"),
                .. Open(aftermath.DeadLetters),
                .. _billing.Early,
                .. _orders.Early,
                .. aftermath.Delivered.Where(delivery => !IsHandled(delivery)).Select(static delivery => $"QStash holds {delivery} for delivered, and no service has handled it"),
                .. Enumerable.Range(0, orders).Where(order => _orders.HasHandled(order) && !billed.ContainsKey(order)).Select(static order => $"order {order} was handled, and has no effect in the database"),
            ];
            if (aftermath.Pending > 0)
                violations.Add($"{aftermath.Pending} messages are still on their way");

            return new Verdict(violations, Figures(aftermath));
        }
    }

    string? WhyOpen(int order, HashSet<DeadOrder> dead)
    {
        if (!_accepted[order])
            return $"order {order} was never accepted";

        if (dead.Contains(new DeadOrder(_billing.Name, order)))
            return null;

        if (!_billing.HasHandled(order))
            return $"order {order} was accepted, and {_billing.Name} has neither handled it nor is it in the dead letter queue";

        return _orders.HasHandled(order) || dead.Contains(new DeadOrder(_orders.Name, order))
            ? null
            : $"order {order} was billed, and {_orders.Name} has neither handled it nor is it in the dead letter queue";
    }

    // Every order of theirs has one of each kind.
    IEnumerable<SideEffect> Unsettled(ICollection<SideEffect> settled) => Enumerable.Range(0, orders).Where(SideEffects.Has)
        .SelectMany(static order => SideEffects.OfAnOrder, static (order, kind) => new SideEffect(kind, order)).Except(settled);

    bool IsHandled(string delivery) => _orders.HasSettled(delivery) ||
        (_billing.OrderOf(delivery) is { } billing && _billing.HasHandled(billing)) || (_orders.OrderOf(delivery) is { } order && _orders.HasHandled(order));

    List<Figure> Figures(Aftermath aftermath)
    {
        var poison = aftermath.DeadLetters.Where(static letter => letter.Service == BillingService.Name && Poison.Is(letter.Order)).ToHashSet();
        return
        [
            new("orders", orders),
            new("orders accepted", _acceptedOrders),
            new("publishes begun; those above the orders were repeats by a service that did not know", _sendings),
            new("publishes that failed, and stayed in the outbox", _failedPublishes),
            new("orders handled by billing", _billing.HandledOrders),
            new("orders handled by orders", _orders.HandledOrders),
            new("poison orders in the dead letter queue", poison.Count),
            new("other dead letters", aftermath.DeadLetters.Distinct().Count() - poison.Count),
            new("refusals of poison", _refusals),
            new("deliveries that arrived", _billing.Arrivals + _orders.Arrivals),
            new("deliveries acknowledged by a service", _billing.Acknowledged + _orders.Acknowledged),
            new("messages that QStash holds for delivered", aftermath.Delivered.Count),
            new("duplicates that arrived at billing (inbox in memory)", _billing.Duplicates),
            new("of them handled again, because the inbox was gone, or another process's", _billing.HandledAgain),
            new("duplicates that arrived at orders (inbox on disk)", _orders.Duplicates),
            new("of them handled again", aftermath.Billed.Count - aftermath.Billed.Distinct().Count()),
            .. aftermath.Settled.CountBy(static effect => effect.Kind).Select(static kind => new Figure($"effects of {kind.Key}", kind.Value)),
            new("reminders before their time, and other accidents", _accidents.Count),
            new("powers gained", _gains.Count),
            new("sends, scheduled messages and callbacks lost", Unsettled([.. aftermath.Settled]).Count()),
            new("orders lost", Open(aftermath.DeadLetters).Count),
            new("deliveries acknowledged before they were handled", _billing.Early.Count + _orders.Early.Count),
        ];
    }
}
