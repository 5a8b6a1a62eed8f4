using QStash.Client;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Where sends go that recur.
/// </summary>
interface IRecurringSends
{
    /// <summary>Says why a recurring message cannot be published to the URL groups of its type; null if it can.</summary>
    string? WhyNotPublished { get; }

    /// <summary>Creates or updates the schedules of a recurring message, and removes those of its former destinations.</summary>
    /// <param name="recurrence">When, and what QStash has where that is known.</param>
    /// <param name="definitions">One for a URL, else one for each URL group.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PublishException">None of the URL groups exists.</exception>
    Task DeployAsync(Recurrence recurrence, IReadOnlyList<QStashScheduleDefinition> definitions, CancellationToken cancellationToken);
}
