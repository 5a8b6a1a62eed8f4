using System.Globalization;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Faults;

/// <summary>The faults of an emulator. Rules are tried in the order they were added, and the first one that hits acts.</summary>
public sealed class FaultRules
{
    readonly Lock _gate = new();
    volatile ActiveFault[] _active = [];
    int _lastId;

    internal FaultRules()
    {
    }

    /// <summary>The rules in force, including those that have used up their count.</summary>
    public IReadOnlyList<ActiveFault> All => _active;

    /// <summary>Adds a rule. It applies from the next attempt or API call on.</summary>
    /// <param name="rule">What goes wrong.</param>
    /// <exception cref="ArgumentException">A member has a value that cannot be used, or does not go with the action.</exception>
    public ActiveFault Add(FaultRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.FindProblem() is { } problem)
            throw new ArgumentException($"{problem.Member}: {problem.Why}.", nameof(rule));

        lock (_gate)
        {
            var fault = new ActiveFault("flt_" + (++_lastId).ToString(CultureInfo.InvariantCulture), rule);
            _active = [.. _active, fault];
            return fault;
        }
    }

    /// <summary>Removes a rule. Deliveries that it has delayed stay delayed.</summary>
    /// <param name="id">The <see cref="ActiveFault.Id"/>.</param>
    /// <returns>Whether there was such a rule.</returns>
    public bool Remove(string id)
    {
        lock (_gate)
        {
            var left = Array.FindAll(_active, fault => fault.Id != id);
            var removed = left.Length < _active.Length;
            _active = left;
            return removed;
        }
    }

    /// <summary>Removes all rules. Deliveries that they have delayed stay delayed.</summary>
    public void Clear()
    {
        lock (_gate)
            _active = [];
    }

    /// <summary>The rules a message may meet at a stage of its attempt.</summary>
    internal IEnumerable<ActiveFault> Matching(Message message, FaultStage stage)
    {
        var active = _active;
        return active.Length == 0 ? [] : Matching(active, message, stage);

        // A separate method, because a closure is allocated before the first line of its method, and usually there is no rule.
        static IEnumerable<ActiveFault> Matching(ActiveFault[] active, Message message, FaultStage stage) =>
            active.Where(fault => fault.Rule.Stage == stage && fault.Rule.Matches(message));
    }

    /// <summary>The rule that hits a bulk action with these labels in its filter.</summary>
    internal ActiveFault? HitBulkAction(string[] labels) =>
        _active.FirstOrDefault(fault => fault.Rule.Stage == FaultStage.BulkAction && fault.Rule.MatchesLabels(labels) && fault.TryHit());

    /// <summary>The rule that hits an API call.</summary>
    internal ActiveFault? Hit(string method, string path)
    {
        foreach (var fault in _active)
        {
            if (fault.Rule.Stage == FaultStage.ApiCall && fault.Rule.Matches(method, path) && fault.TryHit())
                return fault;
        }

        return null;
    }
}
