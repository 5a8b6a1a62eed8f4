using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace QStash.Client;

static class JsonBody
{
    // Kept in memory, so that a retry can send it again.
    public static ReadOnlyMemoryContent Of<T>(T value, JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, type)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
