namespace MassTransit.QStash.Soak.Judging;

/// <summary>What is known of one service over all its lives. Lists are by order.</summary>
sealed class ServiceRecord(string name, int orders)
{
    readonly Dictionary<string, int> _orders = new(StringComparer.Ordinal);
    readonly HashSet<string> _settled = new(StringComparer.Ordinal);
    readonly int[] _handled = new int[orders];
    readonly string?[] _deliveries = new string?[orders];

    public string Name => name;

    /// <summary>How often messages arrived.</summary>
    public int Arrivals { get; private set; }

    /// <summary>How many of them arrived after they had been handled already.</summary>
    public int Duplicates { get; private set; }

    /// <summary>How many orders were handled at least once.</summary>
    public int HandledOrders { get; private set; }

    /// <summary>How often an order was handled that had been before.</summary>
    public int HandledAgain { get; private set; }

    /// <summary>How many duplicates the durable inbox knew.</summary>
    public int Recognized { get; private set; }

    /// <summary>How many deliveries were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>The acknowledgements that came before the message had been handled.</summary>
    public List<string> Early { get; } = [];

    /// <summary>The orders that QStash took twice, although the sender gave them one id.</summary>
    public List<string> Doubled { get; } = [];

    /// <summary>Whether a message of a kind beside the orders has had its effect.</summary>
    public bool HasSettled(string delivery) => _settled.Contains(delivery);

    public bool HasHandled(int order) => _handled[order] > 0;

    /// <summary>The order of a delivery; null for one that never arrived.</summary>
    public int? OrderOf(string delivery) => _orders.TryGetValue(delivery, out var order) ? order : null;

    public void Read(LedgerEntry entry)
    {
        switch (entry.Kind)
        {
            case LedgerKind.Arrived:
                Note(entry);
                Arrivals++;
                if (HasHandled(entry.Number))
                    Duplicates++;

                break;
            case LedgerKind.Handled:
                if (_handled[entry.Number]++ == 0)
                    HandledOrders++;
                else
                    HandledAgain++;

                break;
            case LedgerKind.Recognized:
                Recognized++;
                // The process died between the commit and its record. The database is looked at in the end.
                if (_handled[entry.Number] == 0)
                {
                    _handled[entry.Number] = 1;
                    HandledOrders++;
                }

                break;
            case LedgerKind.Settled:
                if (entry.Delivery.Length > 0)
                    _settled.Add(entry.Delivery);

                break;
            case LedgerKind.Answered when entry.Number is >= 200 and < 300 && HasSettled(entry.Delivery):
                Acknowledged++;
                break;
            case LedgerKind.Answered when entry.Number is >= 200 and < 300:
                Acknowledged++;
                if (OrderOf(entry.Delivery) is not { } order)
                    Early.Add($"{name} acknowledged {entry.Delivery}, which never arrived");
                else if (!HasHandled(order))
                    Early.Add($"{name} acknowledged order {order} before it was handled");

                break;
        }
    }

    // A copy has no id that could be believed.
    void Note(LedgerEntry entry)
    {
        if (entry.Delivery.Length == 0)
            return;

        _orders[entry.Delivery] = entry.Number;
        if ((_deliveries[entry.Number] ??= entry.Delivery) != entry.Delivery)
            Doubled.Add($"order {entry.Number} got past deduplication: {name} got it as {_deliveries[entry.Number]} and as {entry.Delivery}");
    }
}
