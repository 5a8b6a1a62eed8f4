using System.Text;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Dashboard;

/// <summary>A message of the same conversation.</summary>
/// <param name="Message">Its line in the list.</param>
/// <param name="Relation">
/// <c>cause</c>: its consumer sent the message in question; <c>effect</c>: the other way round; <c>copy</c>: the same message for another
/// endpoint, or sent again; <c>conversation</c>: anything else.
/// </param>
sealed record RelatedMessage(MessageSummary Message, string Relation)
{
    const int Most = 200;

    /// <summary>The other messages of the conversation, oldest first. If there are many, only the newest.</summary>
    public static List<RelatedMessage> Of(Account account, string id, Envelope envelope)
    {
        // Most bodies do not contain the text, and searching them is faster than parsing them.
        var ids = new[] { envelope.ConversationId, envelope.MessageId }.OfType<string>().Where(static text => text.Length > 0)
            .Select(Encoding.UTF8.GetBytes).ToArray();
        var conversation = MessageSummaries.Newest(account, Most, (created, _) =>
            created.Message.Id == id || IsRelated(created.Message, envelope, ids));
        conversation.Reverse();
        var self = conversation.Find(message => message.MessageId == id);
        return self is null
            ? []
            : conversation.Where(message => message != self)
                .Select(message => new RelatedMessage(message, RelationOf(self, message, conversation))).ToList();
    }

    static bool IsRelated(Message message, Envelope envelope, byte[][] ids)
    {
        var spec = message.Spec;
        var isLikely = Array.Exists(ids, id => spec.Body.AsSpan().IndexOf(id) >= 0)
            || spec.Headers.Values.Any(values => values.Any(value => value.Contains("essageId\"", StringComparison.Ordinal)));
        return isLikely
            && Envelope.Of(spec.Redacted) is { } other
            && (Same(other.ConversationId, envelope.ConversationId) || Same(other.MessageId, envelope.MessageId));
    }

    static string RelationOf(MessageSummary self, MessageSummary other, List<MessageSummary> conversation)
    {
        if (Same(self.Envelope!.MessageId, other.Envelope!.MessageId))
            return "copy";

        if (Causes(self, conversation).Contains(other))
            return "cause";

        return Causes(other, conversation).Contains(self) ? "effect" : "conversation";
    }

    /// <summary>The message whose consumer sent this one. Several if copies of it went to that endpoint.</summary>
    static List<MessageSummary> Causes(MessageSummary sent, List<MessageSummary> conversation)
    {
        var envelope = sent.Envelope!;
        var before = conversation.Where(message =>
            message != sent && message.Sequence < sent.Sequence && !Same(message.Envelope!.MessageId, envelope.MessageId)).ToList();
        if (envelope.FaultedMessageId is { } faulted && before.Where(message => Same(message.Envelope!.MessageId, faulted))
            .ToList() is { Count: > 0 } failed)
            return failed.Where(message => IsAt(message, envelope.SourceAddress)) is var there && there.Any() ? [.. there] : failed;

        var candidates = before.Where(message => IsAt(message, envelope.SourceAddress)).ToList();
        // A CorrelationId or RequestId of the message is also in what its consumer sent.
        var initiators = candidates.Where(message =>
            Same(message.Envelope!.CorrelationId ?? message.Envelope.RequestId, envelope.InitiatorId)).ToList();
        if (initiators.Count > 0)
            candidates = initiators;

        return candidates.Count == 0 ? [] : candidates
            .Where(message => Same(message.Envelope!.MessageId, candidates[^1].Envelope!.MessageId)).ToList();
    }

    /// <summary>
    /// Whether a message went to the endpoint with this address. The query of the address is ignored, because it has only settings.
    /// </summary>
    static bool IsAt(MessageSummary message, string? address) =>
        address is not null && address.Split('?')[0].TrimEnd('/').Equals(message.Url.Split('?')[0].TrimEnd('/'),
            StringComparison.OrdinalIgnoreCase);

    static bool Same(string? one, string? other) =>
        !string.IsNullOrEmpty(one) && string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
