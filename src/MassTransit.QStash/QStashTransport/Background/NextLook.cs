namespace MassTransit.QStashTransport.Background;

/// <summary>
/// When to look again whether something at QStash is as the bus wants it.
/// </summary>
/// <param name="Period">The time until then, on the clock of the bus; null for never, or for a time that grows with each attempt.</param>
/// <param name="IsDone">Whether it is as wanted for now.</param>
readonly record struct NextLook(TimeSpan? Period, bool IsDone)
{
    public static NextLook Never { get; } = new(null, true);

    /// <summary>After a failure: soon at first, and later less often.</summary>
    public static NextLook Soon { get; } = new(null, false);

    public static NextLook In(TimeSpan period) => new(period, true);
}
