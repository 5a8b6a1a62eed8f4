using System.Text.Unicode;

namespace QStash.Client;

// A message whose caller waits for the answer. A caller with a batch of its own takes a refusal as an answer, others as an exception.
sealed class PendingPublish(PreparedMessage message, bool takesErrors, CancellationToken cancellationToken)
    : TaskCompletionSource<PublishAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public PreparedMessage Message => message;

    // About what it takes in a batch.
    public int Size => message.Body.Length + 512;

    // A batch carries text only.
    public bool IsAlone { get; } = !Utf8.IsValid(message.Body.Span);

    // The batch it is sent in.
    public PublishBatch? Batch { get; set; }

    public void Cancel()
    {
        if (TrySetCanceled(cancellationToken))
            Batch?.CancelIfAbandoned();
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

    // False when it has to be sent alone for a full answer: the error of an item tells neither its kind nor when a limit ends. That
    // nobody subscribes is common, and told by the text.
    public bool TryAccept(PublishAnswer answer)
    {
        if (!takesErrors && answer is { Error: { } error, Receipts.Count: 0 } && error != FailedResponse.NoReceipt
            && !FailedResponse.IsMissing(error))
            return false;

        TrySetResult(answer);
        return true;
    }

    // What is wrong with a message rather than with the call.
    public static bool IsRefusal(Exception exception) =>
        exception is QStashException { Error: not null } and (QStashBadRequestException or QStashQuotaException or QStashNotFoundException);
}
