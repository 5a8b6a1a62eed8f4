using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace QStash.Client;

// The body of a batch. It is complete before it is sent, because a request with a known length is what every server and proxy accepts.
sealed class BatchContent : HttpContent
{
    // The request is never part of an HTML page, so only the characters that JSON requires are escaped. Bodies that are JSON stay short.
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly BufferPieces _json;

    public BatchContent(IReadOnlyList<PreparedMessage> messages)
    {
        // With room for the quotes of a JSON body, which are escaped.
        _json = new BufferPieces(messages.Sum(message => (message.Body.Length * 5 / 4) + 768));
        using (var writer = new Utf8JsonWriter(_json, Options))
        {
            writer.WriteStartArray();
            foreach (var message in messages)
                Write(writer, message);
            writer.WriteEndArray();
        }

        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (var piece in _json.Written)
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _json.Length;
        return true;
    }

    static void Write(Utf8JsonWriter writer, PreparedMessage message)
    {
        writer.WriteStartObject();
        writer.WriteString("destination", message.Destination);
        if (message.Queue is not null)
            writer.WriteString("queue", message.Queue);

        writer.WriteStartObject("headers");
        if (message.ContentType is not null)
            writer.WriteString("Content-Type", message.ContentType);
        foreach (var (name, value) in message.Headers)
            writer.WriteString(name, value);
        writer.WriteEndObject();

        writer.WriteString("body", message.Body.Span);
        writer.WriteEndObject();
    }
}
