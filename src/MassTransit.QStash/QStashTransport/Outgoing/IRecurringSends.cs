using QStash.Client;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Deploys the sends that recur.
/// </summary>
interface IRecurringSends
{
    /// <summary>The reason why a recurring message cannot be published to the URL groups of its type; null if it can.</summary>
    string? WhyNotPublished { get; }

    /// <summary>Creates or updates the schedules of a recurring message, and removes the schedules of its former destinations.</summary>
    /// <param name="recurrence">When the message recurs, and the schedules that QStash already has, if they are known.</param>
    /// <param name="definitions">One definition for a URL, or one for each URL group.</param>
    /// <param name="cancellationToken">Cancels the calls to QStash.</param>
    /// <exception cref="PublishException">None of the URL groups exists.</exception>
    Task DeployAsync(Recurrence recurrence, IReadOnlyList<QStashScheduleDefinition> definitions, CancellationToken cancellationToken);
}
