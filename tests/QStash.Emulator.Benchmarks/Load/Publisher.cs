using System.Net.Http.Headers;
using System.Text.Json;

namespace QStash.Emulator.Benchmarks.Load;

/// <summary>Publishes over HTTP, from the process the emulator runs in.</summary>
sealed class Publisher : IDisposable
{
    const string Destination = "https://orders.example.com/qstash/order-submitted";

    /// <summary>A hundred bytes.</summary>
    const string Short = """{"orderId":"8f14e45f-ceea-467f-a8d9-0d2d4f5e6a7b","customerId":"customer-10042","total":"1042.50"}""";

    readonly HttpClient _http;
    readonly string _body;

    /// <param name="emulator">Whom to publish to.</param>
    /// <param name="bodySize">How many bytes a message has; at least a hundred.</param>
    public Publisher(QStashEmulator emulator, int bodySize = 0)
    {
        _body = Short.PadRight(bodySize);
        _http = new HttpClient { BaseAddress = emulator.Url };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", emulator.DefaultUser.Token);
    }

    /// <summary>Publishes each message with a call of its own.</summary>
    /// <param name="count">How many.</param>
    /// <param name="connections">How many calls at a time.</param>
    public Task PublishAsync(int count, int connections)
    {
        var content = System.Text.Encoding.UTF8.GetBytes(_body);
        return CallAsync("/v2/publish/" + Destination, count, connections, step: 1, start =>
        {
            var body = new ByteArrayContent(content);
            body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            body.Headers.Add("Upstash-Forward-X-Order", Order(start));
            return body;
        });
    }

    /// <summary>Publishes a hundred messages with each call.</summary>
    /// <param name="count">How many messages, in hundreds.</param>
    /// <param name="delay">The delay of a message in seconds, by its index; none when absent.</param>
    /// <param name="queue">The queue they go to, if any.</param>
    /// <param name="from">The index of the first.</param>
    /// <param name="deduplicate">Whether each has a deduplication id of its own.</param>
    public Task PublishBatchesAsync(int count, Func<int, int>? delay = null, string? queue = null, bool deduplicate = false, int from = 0)
    {
        const int size = 100;
        return CallAsync("/v2/batch", count, connections: 4, size, start => new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(
            Enumerable.Range(from + start, size).Select(index => new { destination = Destination, headers = Headers(index, delay, deduplicate), queue, body = _body }))));
    }

    public void Dispose() => _http.Dispose();

    async Task CallAsync(string path, int count, int connections, int step, Func<int, HttpContent> content)
    {
        var next = -step;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Add(ref next, step) is var start && start < count)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content(start) };
                using var response = await _http.SendAsync(request);
                response.EnsureSuccessStatusCode();
            }
        })));
    }

    static Dictionary<string, string> Headers(int index, Func<int, int>? delay, bool deduplicate)
    {
        Dictionary<string, string> headers = new() { ["Content-Type"] = "application/json", ["Upstash-Forward-X-Order"] = Order(index) };
        if (delay is not null)
            headers["Upstash-Delay"] = delay(index) + "s";

        if (deduplicate)
            headers["Upstash-Deduplication-Id"] = $"8f14e45f-ceea-467f-a8d9-0d2d4f5e6a7b/order-submitted/{index}";

        return headers;
    }

    /// <summary>Different for each message, so that it takes memory.</summary>
    static string Order(int index) => $"order-{index:D8}";
}
