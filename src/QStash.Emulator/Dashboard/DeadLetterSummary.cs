using QStash.Emulator.Delivery;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Dashboard;

/// <summary>One line of the list of dead letters, without body and answer. Times are unix milliseconds.</summary>
sealed record DeadLetterSummary
{
    const int LongestText = 2000;

    public required string DlqId { get; init; }

    public required string MessageId { get; init; }

    public required string Method { get; init; }

    public required string Url { get; init; }

    public string? TopicName { get; init; }

    public string? QueueName { get; init; }

    public string[]? Labels { get; init; }

    /// <summary>The message type, by its MassTransit name.</summary>
    public string? MessageType { get; init; }

    /// <summary>0 when there was no answer.</summary>
    public required int ResponseStatus { get; init; }

    /// <summary>Why it failed, in one line.</summary>
    public string? Reason { get; init; }

    public required long FailedAt { get; init; }

    public static DeadLetterSummary Of(DeadLetter letter) => new()
    {
        DlqId = letter.Id,
        MessageId = letter.Message.Id,
        Method = letter.Message.Spec.Method,
        Url = letter.Message.Target.Url is { Length: > LongestText } url ? url[..LongestText] + "…" : letter.Message.Target.Url,
        TopicName = letter.Message.Target.TopicName,
        QueueName = letter.Message.Queue?.Name,
        Labels = letter.Message.Spec.Labels is { Length: > 0 } labels
            ? [.. labels.Take(20).Select(static label => label.Length > 200 ? label[..200] + "…" : label)] : null,
        MessageType = Envelope.Of(letter.Message.Spec.Redacted)?.MessageType,
        ResponseStatus = letter.Result.Status,
        Reason = AnswerReason.OrTextOf(letter.Result),
        FailedAt = letter.FailedAt,
    };
}
