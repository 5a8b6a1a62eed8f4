namespace MassTransit.QStashTransport.Background;

/// <summary>
/// Something at QStash that is to be as the bus wants it: memberships with their leases, pins of flow control keys, schedules.
/// </summary>
interface IDesiredState
{
    /// <summary>What is not as it should be, for people.</summary>
    IReadOnlyCollection<string> Problems { get; }

    /// <summary>What is right as it is, and people may want to know all the same.</summary>
    IReadOnlyCollection<string> Notes { get; }

    /// <summary>
    /// Brings about what can be brought about now, and knows afterwards what is wrong. An exception is tried again like a problem.
    /// </summary>
    Task<NextLook> ReconcileAsync(CancellationToken cancellationToken);
}
