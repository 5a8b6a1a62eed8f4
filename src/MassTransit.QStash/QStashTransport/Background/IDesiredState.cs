namespace MassTransit.QStashTransport.Background;

/// <summary>
/// Something that the bus wants to exist at QStash: memberships with their leases, pins of flow control keys, schedules.
/// </summary>
interface IDesiredState
{
    /// <summary>What is still missing at QStash, in words for the health check.</summary>
    IReadOnlyCollection<string> Problems { get; }

    /// <summary>Facts that are not problems but worth telling, for the health check.</summary>
    IReadOnlyCollection<string> Notes { get; }

    /// <summary>
    /// Makes QStash match the wanted state as far as possible now, and updates <see cref="Problems"/>. After an exception it is called
    /// again, as after a problem.
    /// </summary>
    Task<NextLook> ReconcileAsync(CancellationToken cancellationToken);
}
