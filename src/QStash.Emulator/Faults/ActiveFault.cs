namespace QStash.Emulator.Faults;

/// <summary>A rule that is in force.</summary>
public sealed class ActiveFault
{
    readonly Lock _gate = new();
    readonly Random _random;

    internal ActiveFault(string id, FaultRule rule)
    {
        Id = id;
        Rule = rule;
        Seed = rule.Seed ?? Random.Shared.Next();
        _random = new Random(Seed);
    }

    /// <summary>The id by which it is removed, for example <c>flt_1</c>.</summary>
    public string Id { get; }

    /// <summary>The rule: what it does, and which attempts or calls it matches.</summary>
    public FaultRule Rule { get; }

    /// <summary>The seed of its random draws.</summary>
    public int Seed { get; }

    /// <summary>How often it has been hit.</summary>
    public int Hits { get; private set; }

    /// <summary>Decides at random whether one match is hit.</summary>
    internal bool TryHit()
    {
        lock (_gate)
        {
            if (Hits >= Rule.Count || _random.NextDouble() >= Rule.Probability)
                return false;

            Hits++;
            return true;
        }
    }
}
