using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace QStash.Client;

static class BatchContent
{
    // The body is never part of an HTML page, so only what JSON itself demands is escaped; bodies that are JSON stay short.
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemoryContent Of(IReadOnlyList<QStashMessage> messages)
    {
        var buffer = new ArrayBufferWriter<byte>(messages.Sum(message => message.Body.Length + 512));
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartArray();
            for (var index = 0; index < messages.Count; index++)
                Write(writer, messages[index], $"{nameof(messages)}[{index}]");
            writer.WriteEndArray();
        }

        return new ReadOnlyMemoryContent(buffer.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }

    static void Write(Utf8JsonWriter writer, QStashMessage? message, string parameter)
    {
        if (message is null)
            throw new ArgumentException("The message is null. Remove it from the batch.", parameter);
        if (!message.CanBatch)
            throw new ArgumentException("Body is not valid UTF-8, and a batch carries text only. Publish this message on its own.", parameter);

        var headers = PublishHeaders.Of(message, parameter);

        writer.WriteStartObject();
        writer.WriteString("destination", Destination.Check(message.Destination, parameter));
        if (message.Queue is not null)
            writer.WriteString("queue", Grammar.Name(message.Queue, "Queue", parameter));

        writer.WriteStartObject("headers");
        if (message.ContentType is not null)
            writer.WriteString("Content-Type", Grammar.HeaderValue(message.ContentType, "ContentType", parameter));
        foreach (var (name, value) in headers)
            writer.WriteString(name, value);
        writer.WriteEndObject();

        writer.WriteString("body", message.Body.Span);
        writer.WriteEndObject();
    }
}
