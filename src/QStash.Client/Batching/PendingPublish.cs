using System.Text.Unicode;

namespace QStash.Client;

// A message whose caller waits for the answer. The caller of a batch gets a refusal as a result, other callers as an exception.
sealed class PendingPublish(PreparedMessage message, bool takesErrors, CancellationToken cancellationToken)
    : TaskCompletionSource<PublishAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public PreparedMessage Message => message;

    // About the size of the message in a batch.
    public int Size => message.Body.Length + 512;

    // A batch carries text only.
    public bool IsAlone { get; } = !Utf8.IsValid(message.Body.Span);

    // The batch it is sent in.
    public PublishBatch? Batch { get; set; }

    // The answer, unless the caller gives up before.
    public async Task<PublishAnswer> WaitAsync()
    {
        await using (cancellationToken.UnsafeRegister(static message => ((PendingPublish)message!).Cancel(), this).ConfigureAwait(false))
            return await Task.ConfigureAwait(false);
    }

    public async Task SendAloneAsync(IPublisher api)
    {
        if (Task.IsCompleted)
            return;

        try
        {
            TrySetResult(await api.PublishAsync(message, cancellationToken).ConfigureAwait(false));
        }
        catch (QStashException refusal) when (takesErrors && IsRefusal(refusal))
        {
            TrySetResult(new PublishAnswer([], refusal.Error));
        }
        catch (Exception exception)
        {
            TrySetException(exception);
        }
    }

    void Cancel()
    {
        if (TrySetCanceled(cancellationToken))
            Batch?.CancelIfAbandoned();
    }

    // False if the message has to be sent alone to get a full answer: in a batch its error tells neither the kind nor when a limit ends.
    // One case is common and clear from the text: a URL group without subscribers.
    public bool TryAccept(PublishAnswer answer)
    {
        if (!takesErrors && answer is { Error: { } error, Receipts.Count: 0 } && error != FailedResponse.NoReceipt
            && !FailedResponse.IsMissing(error))
            return false;

        TrySetResult(answer);
        return true;
    }

    // Whether the error is about a message rather than about the call.
    public static bool IsRefusal(Exception exception) =>
        exception is QStashException { Error: not null } and (QStashBadRequestException or QStashQuotaException or QStashNotFoundException);
}
