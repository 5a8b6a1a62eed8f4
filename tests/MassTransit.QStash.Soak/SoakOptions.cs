namespace MassTransit.QStash.Soak;

/// <summary>What a run is like.</summary>
sealed record SoakOptions
{
    /// <summary>How many orders are published.</summary>
    public required int Orders { get; init; }

    /// <summary>How often something is killed, evenly over the work; four for one of each kind.</summary>
    public required int Kills { get; init; }

    /// <summary>What kills, faults and message ids are drawn from. When they happen depends on the machine all the same.</summary>
    public required int Seed { get; init; }

    /// <summary>After what time the run gives up, and reports what is missing.</summary>
    public required TimeSpan Limit { get; init; }

    /// <summary>Whether the databases and the ledgers are kept, to look for what went wrong.</summary>
    public bool Keep { get; init; }

    /// <summary>
    /// How often billing acknowledges a delivery and does nothing; orders then also takes a header for the identity of a message. 0 for
    /// never. Shows that the judge sees it.
    /// </summary>
    public int Broken { get; init; }
}
