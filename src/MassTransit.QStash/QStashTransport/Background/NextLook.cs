namespace MassTransit.QStashTransport.Background;

/// <summary>
/// When to check again whether something at QStash is as the bus wants it.
/// </summary>
/// <param name="Period">
/// The time until the next check, on the clock of the bus. Null for no further check, or for a delay that grows with each attempt.
/// </param>
/// <param name="IsDone">Whether it is as the bus wants it now.</param>
readonly record struct NextLook(TimeSpan? Period, bool IsDone)
{
    public static NextLook Never { get; } = new(null, true);

    /// <summary>After a failure: soon at first, then less and less often.</summary>
    public static NextLook Soon { get; } = new(null, false);

    public static NextLook In(TimeSpan period) => new(period, true);
}
