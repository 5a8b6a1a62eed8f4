using QStash.Emulator.Api;
using QStash.Emulator.Delivery;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Dashboard;

/// <summary>One line of the list of messages. Times are unix milliseconds.</summary>
sealed record MessageSummary
{
    /// <summary>Characters of a text that the list shows.</summary>
    const int LongestText = 2000;
    const int MostLabels = 50;

    /// <summary>Its position in the log. Older messages have smaller ones.</summary>
    public required long Sequence { get; init; }

    public required string MessageId { get; init; }

    /// <summary>What its envelope says, if MassTransit sent it.</summary>
    public Envelope? Envelope { get; init; }

    public required string State { get; init; }

    public required string Method { get; init; }

    public required string Url { get; init; }

    public string? TopicName { get; init; }

    public string? QueueName { get; init; }

    public string? FlowControlKey { get; init; }

    public string[]? Labels { get; init; }

    public required long CreatedAt { get; init; }

    /// <summary>Attempts begun so far.</summary>
    public required int Attempts { get; init; }

    /// <summary>The status of the last failed attempt; 0 when it got no answer.</summary>
    public int? ResponseStatus { get; init; }

    /// <summary>Why the last failed attempt failed, in one line.</summary>
    public string? Reason { get; init; }

    /// <summary>The time of the next attempt, until it begins.</summary>
    public long? NextDeliveryTime { get; init; }

    /// <param name="created">The message's first entry in the log.</param>
    /// <param name="last">Its newest one.</param>
    /// <param name="attempts">How many attempts the log knows of.</param>
    /// <param name="failure">The newest entry of a failed attempt.</param>
    public static MessageSummary Of(LogEntry created, LogEntry last, int attempts, LogEntry? failure)
    {
        var message = created.Message;
        return new MessageSummary
        {
            Sequence = created.Sequence,
            MessageId = message.Id,
            Envelope = Envelope.Of(message.Spec.Redacted),
            State = MessageStateNames.Of(last.State),
            Method = message.Spec.Method,
            Url = Cut(message.Target.Url),
            TopicName = message.Target.TopicName,
            QueueName = message.Queue?.Name,
            FlowControlKey = message.Spec.FlowControl is { Key: var key } ? Cut(key) : null,
            Labels = message.Spec.Labels.Length > 0 ? [.. message.Spec.Labels.Take(MostLabels).Select(Cut)] : null,
            CreatedAt = created.Time,
            Attempts = attempts,
            ResponseStatus = failure?.Result?.Status,
            Reason = failure?.Result is { } result ? AnswerReason.OrTextOf(result) : null,
            NextDeliveryTime = last.State switch
            {
                MessageState.Created => message.NotBefore,
                MessageState.Retry => last.NextDelivery,
                _ => null,
            },
        };
    }

    static string Cut(string text) => text.Length > LongestText ? text[..LongestText] + "…" : text;
}
