namespace QStash.Client;

/// <summary>Messages that are not delivered yet (contract 2.4).</summary>
public interface IQStashMessages
{
    /// <summary>Reads one message.</summary>
    /// <returns>
    /// The message, or <see langword="null"/> when QStash does not know it, which also is the case soon after its delivery or
    /// failure (sharp edge 51): read <see cref="IQStashClient.Logs"/> for history.
    /// </returns>
    Task<QStashMessageInfo?> GetAsync(string messageId, CancellationToken cancellationToken = default);

    /// <summary>Cancels one message. An attempt that is already running is not interrupted.</summary>
    /// <returns>Whether QStash knew the message; <see langword="false"/> when it is delivered, failed or cancelled already.</returns>
    Task<bool> CancelAsync(string messageId, CancellationToken cancellationToken = default);

    /// <summary>Cancels all messages that match.</summary>
    /// <param name="filter">At least one member is needed: without any, QStash would cancel everything (sharp edge 12).</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The number of cancelled messages.</returns>
    Task<int> CancelAsync(QStashMessageFilter filter, CancellationToken cancellationToken = default);
}
