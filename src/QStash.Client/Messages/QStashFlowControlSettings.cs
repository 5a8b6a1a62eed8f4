namespace QStash.Client;

/// <summary>
/// Limits for all messages that share a key. At least one of <see cref="Parallelism"/> and <see cref="Rate"/> is needed.
/// Messages over the limit wait; they are never refused.
/// </summary>
public sealed class QStashFlowControlSettings
{
    /// <summary>The key: printable ASCII without blanks and without <c>/</c>.</summary>
    public required string Key { get; set; }

    /// <summary>Attempts in flight at the same time, 1 or more.</summary>
    public int? Parallelism { get; set; }

    /// <summary>Deliveries started per <see cref="Period"/>, 1 or more.</summary>
    public int? Rate { get; set; }

    /// <summary>
    /// Period of <see cref="Rate"/>, sent as whole seconds, rounded up. Default 1 second, at most 7 days. Requires <see cref="Rate"/>.
    /// </summary>
    public TimeSpan? Period { get; set; }

    internal QStashFlowControlSettings Copy() => new() { Key = Key, Parallelism = Parallelism, Rate = Rate, Period = Period };
}
