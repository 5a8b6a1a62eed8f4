using System.Text.Json.Serialization;
using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Durability;

/// <summary>The parts of a message that never change. Those of some messages that were accepted together are stored together.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Id">Its id.</param>
/// <param name="Url">Where it goes.</param>
/// <param name="TopicName">The URL group it came by.</param>
/// <param name="EndpointName">The endpoint in that group.</param>
/// <param name="CreatedAt">When it was accepted, in unix milliseconds.</param>
/// <param name="NotBefore">The time of its first attempt, in unix milliseconds.</param>
/// <param name="Queue">The queue it waits in.</param>
/// <param name="SlotQueue">The queue of the place that a callback holds.</param>
/// <param name="Slot">The number of the message whose place that is.</param>
/// <param name="Spec">What was published, without the body.</param>
/// <param name="BodySize">How many bytes the body has.</param>
sealed record StoredMessage(
    long Number, string Id, string Url, string? TopicName, string? EndpointName, long CreatedAt, long NotBefore, string? Queue,
    string? SlotQueue, long? Slot, MessageSpec Spec, int BodySize)
{
    [JsonIgnore]
    public byte[] Body => Spec.Body;

    public static StoredMessage Of(Message message) => new(
        message.Number, message.Id, message.Target.Url, message.Target.TopicName, message.Target.EndpointName, message.CreatedAt,
        message.NotBefore, message.Queue?.Name, message.Slot?.Queue.Name, message.Slot?.Owner, message.Spec, message.Spec.Body.Length);

    /// <summary>The message as one that is over.</summary>
    public Message Restore(Account account, byte[] body, FifoQueue? queue) => new()
    {
        Number = Number,
        IdBytes = MessageId.Parse(Id),
        Account = account,
        Spec = Spec with { Body = body },
        Target = MessageTarget.Of(Url, TopicName, EndpointName),
        CreatedAt = CreatedAt,
        NotBefore = NotBefore,
        Queue = queue,
        FlowControl = Spec.FlowControl is { Key: var key } ? account.FlowControlKeys.GetValueOrDefault(key) : null,
        Phase = MessagePhase.Finished,
    };
}
