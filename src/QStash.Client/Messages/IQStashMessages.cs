namespace QStash.Client;

/// <summary>Messages that are not delivered yet.</summary>
public interface IQStashMessages
{
    /// <summary>Reads one message.</summary>
    /// <returns>
    /// The message, or <see langword="null"/> when QStash does not know it. Soon after a delivery or failure QStash forgets the message:
    /// read <see cref="IQStashClient.Logs"/> for history.
    /// </returns>
    Task<QStashMessageInfo?> GetAsync(string messageId, CancellationToken cancellationToken = default);

    /// <summary>Cancels one message. An attempt that is already running is not interrupted.</summary>
    /// <returns>Whether QStash knew the message; <see langword="false"/> when it is already delivered, failed or cancelled.</returns>
    Task<bool> CancelAsync(string messageId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Cancels all messages that match, and waits for the end. With <see cref="QStashMessageFilter.MessageIds"/> QStash cancels at once;
    /// any other filter starts an action, see <see cref="StartCancelAsync"/>.
    /// </summary>
    /// <param name="filter">At least one member is needed: without any, QStash would cancel everything.</param>
    /// <param name="cancellationToken">Ends the wait; the action continues. There is no other time limit.</param>
    /// <returns>The number of cancelled messages; for an action, the number of messages that matched when it was accepted.</returns>
    /// <exception cref="QStashBulkActionLimitException">QStash takes no further action for now. Nothing was cancelled.</exception>
    Task<int> CancelAsync(QStashMessageFilter filter, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets QStash cancel all messages that match in the background. Messages that come later are not cancelled. While an action with the
    /// same filter runs, QStash starts no other one and returns the running one.
    /// </summary>
    /// <param name="filter">At least one member is needed: without any, QStash would cancel everything.</param>
    /// <param name="cancellationToken">Gives up waiting. The action may still have begun.</param>
    /// <exception cref="QStashBulkActionLimitException">QStash takes no further action for now. Nothing was cancelled.</exception>
    /// <exception cref="QStashBulkActionRunningException">
    /// The server waited for the end although it was asked not to, and the cancel took too long.
    /// </exception>
    Task<QStashBulkCancel> StartCancelAsync(QStashMessageFilter filter, CancellationToken cancellationToken = default);

    /// <summary>
    /// Delivers a waiting message now, before its delay is over or before its next retry is due. It counts as the retry that the message
    /// waits for, so no further retry is used up.
    /// </summary>
    /// <returns>Whether the message was waiting; also <see langword="false"/> when QStash does not know it.</returns>
    /// <exception cref="QStashBadRequestException">The message is in a queue; messages in queues cannot be delivered early.</exception>
    Task<bool> DeliverNowAsync(string messageId, CancellationToken cancellationToken = default);
}
