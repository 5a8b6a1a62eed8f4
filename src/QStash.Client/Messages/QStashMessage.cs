using System.Text.Unicode;

namespace QStash.Client;

/// <summary>A message to publish.</summary>
public sealed class QStashMessage : QStashMessageSettings
{
    /// <summary>Creates a message with QStash's defaults for its delivery.</summary>
    public QStashMessage()
    {
    }

    /// <summary>Creates a message with a copy of these settings.</summary>
    public QStashMessage(QStashDeliverySettings settings)
        : base(settings)
    {
    }

    /// <summary>
    /// Absolute <c>http://</c> or <c>https://</c> URL, or the name of a URL group (letters, digits, <c>.</c>, <c>_</c>, <c>-</c>).
    /// A URL is passed on character by character; it must be ASCII without blanks and without a <c>#fragment</c>,
    /// and its query must not use QStash's own parameters <c>qstash_token</c> and <c>upstash-*</c>.
    /// </summary>
    public required string Destination { get; set; }

    /// <summary>The bytes to deliver, unchanged. Default: empty. Prefer references to large data.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>Media type of <see cref="Body"/>, delivered as <c>Content-Type</c>. Default: none.</summary>
    public string? ContentType { get; set; }

    /// <summary>
    /// Earliest time of the first delivery, rounded up to seconds. Cannot be combined with <see cref="QStashMessageSettings.Delay"/>.
    /// </summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>
    /// Messages with the same id are accepted but delivered once, within a window of about 10 minutes. Printable ASCII without blanks and
    /// without <c>:</c>. A message with an id can be retried safely. Cannot be combined with <see cref="ContentBasedDeduplication"/>.
    /// </summary>
    public string? DeduplicationId { get; set; }

    /// <summary>Lets QStash derive the deduplication id from destination, body and headers. Default false.</summary>
    public bool ContentBasedDeduplication { get; set; }

    /// <summary>
    /// Name of the FIFO queue to send through; QStash creates it if it does not exist. Letters, digits, <c>.</c>, <c>_</c>, <c>-</c>.
    /// </summary>
    public string? Queue { get; set; }

    /// <summary>
    /// Whether <see cref="Body"/> is valid UTF-8, so that the message can be part of a batch, which carries text only. Reads the whole
    /// body.
    /// </summary>
    public bool CanBatch => Utf8.IsValid(Body.Span);
}
