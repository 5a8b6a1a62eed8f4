using QStash.Emulator.Grammar;

namespace QStash.Emulator.Storage;

/// <summary>The bulk actions of an account, oldest first: those of the last seven days, and not too many.</summary>
sealed class BulkActions(IAccountJournal? journal)
{
    const int IdLength = 26;
    const long KeptMs = 7 * 86_400_000L;
    const int MaxKept = 10_000;

    readonly SortedDictionary<long, BulkAction> _actions = [];
    readonly Dictionary<string, BulkAction> _byId = new(StringComparer.Ordinal);
    readonly Dictionary<string, BulkAction> _running = new(StringComparer.Ordinal);
    long _sequence;

    public IReadOnlyCollection<BulkAction> All => _actions.Values;

    /// <summary>Those in progress, by filter.</summary>
    public IReadOnlyDictionary<string, BulkAction> Running => _running;

    public BulkAction Add(IReadOnlyDictionary<string, string[]> filter, int total, long now)
    {
        var action = new BulkAction(_sequence, "ba_" + RandomText.Base58(IdLength), filter, now) { Total = total };
        Restore(action);
        return action;
    }

    public BulkAction? Find(string id) => _byId.GetValueOrDefault(id);

    public void Restore(BulkAction action)
    {
        _actions.Add(action.Sequence, action);
        _byId.Add(action.Id, action);
        _sequence = action.Sequence + 1;
        if (action.CompletedAt is null)
            _running[action.Key] = action;
    }

    /// <summary>Writes the progress of an action to the data file.</summary>
    public void Save(BulkAction action) => journal?.Save(action);

    public void Finish(BulkAction action, long now)
    {
        _running.Remove(action.Key);
        action.Finish(now);
        journal?.Save(action);
    }

    public void DropExpired(long now)
    {
        var surplus = _actions.Count - MaxKept;
        foreach (var action in _actions.Values.TakeWhile((action, index) => index < surplus || action.CreatedAt < now - KeptMs).ToList())
        {
            if (action.CompletedAt is null)
                continue;

            _actions.Remove(action.Sequence);
            _byId.Remove(action.Id);
            journal?.Remove(action);
        }
    }
}
