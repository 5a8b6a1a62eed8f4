using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace QStash.Client;

static class BatchContent
{
    // The request is never part of an HTML page, so only the characters that JSON requires are escaped. Bodies that are JSON stay short.
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemoryContent Of(IReadOnlyList<PreparedMessage> messages)
    {
        // With room for the quotes of a JSON body, which are escaped: a buffer of this size is expensive to grow.
        var buffer = new ArrayBufferWriter<byte>(messages.Sum(message => (message.Body.Length * 5 / 4) + 768));
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartArray();
            foreach (var message in messages)
                Write(writer, message);
            writer.WriteEndArray();
        }

        return new ReadOnlyMemoryContent(buffer.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
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
