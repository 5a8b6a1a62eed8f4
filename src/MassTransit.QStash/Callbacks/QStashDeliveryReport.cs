using System.Text;

namespace MassTransit;

/// <summary>
/// A report by QStash about an attempt to deliver a message: <see cref="QStashDelivered"/>, <see cref="QStashDeliveryAttemptFailed"/> or
/// <see cref="QStashDeliveryFailed"/>. Consume them like any message. The envelope of a report has the CorrelationId and the ConversationId
/// of the delivered message.
/// </summary>
[ConfigureConsumeTopology(false)]
[ExcludeFromTopology]
[ExcludeFromImplementedTypes]
public abstract record QStashDeliveryReport
{
    /// <summary>QStash's id of the message that was delivered, the same for all attempts.</summary>
    public required string QStashMessageId { get; init; }

    /// <summary>The MassTransit id of the message; null when the message is not from MassTransit or cannot be read.</summary>
    public Guid? MessageId { get; init; }

    /// <summary>The CorrelationId of the message, or null.</summary>
    public Guid? CorrelationId { get; init; }

    /// <summary>The message types of the message as URNs; empty when unknown.</summary>
    public IReadOnlyList<string> MessageTypes { get; init; } = [];

    /// <summary>The URL QStash delivered to.</summary>
    public Uri? Url { get; init; }

    /// <summary>The HTTP method of the delivery.</summary>
    public string? Method { get; init; }

    /// <summary>The URL group the message was published to, or null when it was sent to the URL.</summary>
    public string? UrlGroup { get; init; }

    /// <summary>The schedule that made the message, or null.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>How often the delivery was tried before this attempt, 0 for the first one.</summary>
    public int Retried { get; init; }

    /// <summary>How often the delivery may be tried again after the first attempt.</summary>
    public int MaxRetries { get; init; }

    /// <summary>The status of the answer; 0 when there was none, because of a timeout or an endpoint that cannot be reached.</summary>
    public int Status { get; init; }

    /// <summary>The headers of the answer; names ignore case.</summary>
    public IReadOnlyDictionary<string, string> ResponseHeaders { get; init => field = IgnoreCase(value); } = IgnoreCase([]);

    /// <summary>The body of the answer.</summary>
    public byte[] ResponseBody { get; init; } = [];

    /// <summary>The headers the message was delivered with; names ignore case.</summary>
    public IReadOnlyDictionary<string, string> SourceHeaders { get; init => field = IgnoreCase(value); } = IgnoreCase([]);

    /// <summary>
    /// The body the message was delivered with. A consumer gets the message itself with
    /// <see cref="QStashDeliveryReportExtensions.TryGetSourceMessage{T}"/>.
    /// </summary>
    public byte[] SourceBody { get; init; } = [];

    /// <summary>When the message was published.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The earliest time at which the message was to be delivered.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The address the message was published from, as QStash saw it.</summary>
    public string? CallerIp { get; init; }

    /// <summary>The body of the answer as text (UTF-8).</summary>
    public string GetResponseText() => Encoding.UTF8.GetString(ResponseBody);

    static Dictionary<string, string> IgnoreCase(IEnumerable<KeyValuePair<string, string>> headers) =>
        new(headers, StringComparer.OrdinalIgnoreCase);
}
