using System.Text.Unicode;

namespace QStash.Client;

// A message whose caller waits for its answer.
sealed class PendingPublish(PreparedMessage message, bool takesErrors) :
    TaskCompletionSource<PublishAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public PreparedMessage Message => message;

    // Whether a refusal is a result for the caller, as it is in a batch, and no exception.
    public bool TakesErrors => takesErrors;

    // About what it takes in a batch.
    public int Size => message.Body.Length + 512;

    // A batch carries text only.
    public bool IsAlone { get; private set; } = !Utf8.IsValid(message.Body.Span);

    // Null while it waits to be sent.
    public PublishRequest? Request { get; private set; }

    public void SendIn(PublishRequest request) => Request = request;

    public void SendAgainAlone()
    {
        IsAlone = true;
        Request = null;
    }
}
