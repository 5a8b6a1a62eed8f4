namespace QStash.Client;

/// <summary>Messages that are not delivered yet.</summary>
public interface IQStashMessages
{
    /// <summary>Reads one message.</summary>
    /// <returns>
    /// The message, or <see langword="null"/> when QStash does not know it, which also is the case soon after its delivery or
    /// failure: read <see cref="IQStashClient.Logs"/> for history.
    /// </returns>
    Task<QStashMessageInfo?> GetAsync(string messageId, CancellationToken cancellationToken = default);

    /// <summary>Cancels one message. An attempt that is already running is not interrupted.</summary>
    /// <returns>Whether QStash knew the message; <see langword="false"/> when it is delivered, failed or cancelled already.</returns>
    Task<bool> CancelAsync(string messageId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Cancels all messages that match, and waits for the end. With <see cref="QStashMessageFilter.MessageIds"/> QStash does it at once;
    /// any other filter starts an action, see <see cref="StartCancelAsync"/>.
    /// </summary>
    /// <param name="filter">At least one member is needed: without any, QStash would cancel everything.</param>
    /// <param name="cancellationToken">Gives up waiting; the action goes on. There is no other time limit.</param>
    /// <returns>The number of cancelled messages, or of those that matched when the action was accepted.</returns>
    /// <exception cref="QStashBulkActionLimitException">QStash takes no further action for now. Nothing was cancelled.</exception>
    Task<int> CancelAsync(QStashMessageFilter filter, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets QStash cancel all messages that match in the background. A message that comes later is not cancelled. While an action with
    /// the same filter runs, no other one is started, and that one is returned.
    /// </summary>
    /// <param name="filter">At least one member is needed: without any, QStash would cancel everything.</param>
    /// <param name="cancellationToken">Gives up waiting. The action may have begun all the same.</param>
    /// <exception cref="QStashBulkActionLimitException">QStash takes no further action for now. Nothing was cancelled.</exception>
    /// <exception cref="QStashBulkActionRunningException">The server waited for the end all the same, and not long enough.</exception>
    Task<QStashBulkCancel> StartCancelAsync(QStashMessageFilter filter, CancellationToken cancellationToken = default);

    /// <summary>
    /// Delivers a message now that waits for its delay or for a retry. The retry is the one it waits for, so it uses up none besides.
    /// </summary>
    /// <returns>Whether the message was waiting; <see langword="false"/> too when QStash does not know it.</returns>
    /// <exception cref="QStashBadRequestException">The message is in a queue, whose messages cannot be hurried.</exception>
    Task<bool> DeliverNowAsync(string messageId, CancellationToken cancellationToken = default);
}
