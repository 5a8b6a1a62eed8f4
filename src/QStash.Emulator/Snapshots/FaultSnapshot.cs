using QStash.Emulator.Faults;

namespace QStash.Emulator.Snapshots;

/// <summary>A fault rule in force; see <see cref="FaultRule"/> for the members of the same name.</summary>
public sealed record FaultSnapshot
{
    FaultSnapshot(ActiveFault fault)
    {
        Id = fault.Id;
        Action = fault.Rule.Action;
        Destination = fault.Rule.Destination;
        Label = fault.Rule.Label;
        UrlGroup = fault.Rule.UrlGroup;
        Method = fault.Rule.Method;
        Path = fault.Rule.Path;
        Probability = fault.Rule.Probability;
        Count = fault.Rule.Count;
        Seed = fault.Seed;
        DelayMs = (long?)fault.Rule.Delay?.TotalMilliseconds;
        Hits = fault.Hits;
    }

    /// <summary>The id by which it is removed.</summary>
    public string Id { get; }

    /// <summary>What happens.</summary>
    public FaultAction Action { get; }

    /// <summary>A pattern for the URL of the delivery.</summary>
    public string? Destination { get; }

    /// <summary>A label of the message.</summary>
    public string? Label { get; }

    /// <summary>The URL group of the message.</summary>
    public string? UrlGroup { get; }

    /// <summary>The method of the delivery or of the API call.</summary>
    public string? Method { get; }

    /// <summary>A pattern for the path of the API call.</summary>
    public string? Path { get; }

    /// <summary>The probability that a match is hit.</summary>
    public double Probability { get; }

    /// <summary>The number of hits after which the rule stops.</summary>
    public int? Count { get; }

    /// <summary>The seed of the draws.</summary>
    public int Seed { get; }

    /// <summary>How long a delivery is delayed or a bulk action takes, in milliseconds.</summary>
    public long? DelayMs { get; }

    /// <summary>How often it has been hit.</summary>
    public int Hits { get; }

    internal static FaultSnapshot Of(ActiveFault fault) => new(fault);
}
