using System.Net;
using System.Text;
using System.Text.Json;

namespace QStash.Emulator.Tests.Support;

/// <summary>An emulator on a virtual clock, a destination, and a client that sends what it is told byte for byte.</summary>
public abstract class EmulatorTest : IAsyncLifetime
{
    static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
    });

    protected const string TestUser1 = "eyJVc2VySUQiOiJ0ZXN0VXNlcjEiLCJQYXNzd29yZCI6InRlc3RQYXNzd29yZCJ9";

    protected VirtualClock Clock { get; } = new();

    protected QStashEmulator Emulator { get; set; } = null!;

    internal Sink Sink { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Sink = await Sink.StartAsync(Clock);
        Emulator = await QStashEmulator.StartAsync(Options(), Cancellation);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        await Sink.DisposeAsync();
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    protected virtual QStashEmulatorOptions Options() => new() { TimeProvider = Clock };

    /// <summary>Publishes to a path of the sink and returns the message's id.</summary>
    protected async Task<string> PublishAsync(string path = "/a", object? body = null, params string[] headers) =>
        (await CallAsync("POST", "/v2/publish/" + Sink.Url + path, body, headers)).Id;

    internal async Task<Answer> EnqueueAsync(string queue, string path = "/a", object? body = null, params string[] headers) =>
        await CallAsync("POST", $"/v2/enqueue/{queue}/{Sink.Url}{path}", body, headers);

    internal Task<Answer> GetAsync(string path) => CallAsync("GET", path);

    /// <param name="method">The verb.</param>
    /// <param name="target">Path and query, sent as it stands.</param>
    /// <param name="body">Bytes, text, or anything else as JSON.</param>
    /// <param name="headers">Lines such as <c>Upstash-Delay: 2s</c>; the default user's token is added unless they contain one.</param>
    internal Task<Answer> CallAsync(string method, string target, object? body = null, params string[] headers) =>
        CallAsync(Emulator, method, target, body, headers);

    internal async Task<Answer> CallAsync(QStashEmulator emulator, string method, string target, object? body = null, params string[] headers)
    {
        Uri.TryCreate(emulator.Url.GetLeftPart(UriPartial.Authority) + target, Verbatim, out var uri);
        using var request = new HttpRequestMessage(new HttpMethod(method), uri);
        request.Content = body switch
        {
            null => null,
            byte[] bytes => new ByteArrayContent(bytes),
            string text => new ByteArrayContent(Encoding.UTF8.GetBytes(text)),
            _ => new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)),
        };
        foreach (var header in headers)
        {
            var (name, value) = (header[..header.IndexOf(':')], header[(header.IndexOf(':') + 1)..].TrimStart());
            if (!request.Headers.TryAddWithoutValidation(name, value))
                (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
        }

        if (!request.Headers.Contains("Authorization") && !target.Contains("qstash_token", StringComparison.Ordinal))
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + emulator.DefaultUser.Token);

        using var response = await _http.SendAsync(request, Cancellation);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation))
        {
            ContentType = response.Content.Headers.ContentType?.MediaType,
            Headers = response.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value), StringComparer.OrdinalIgnoreCase),
        };
    }

    /// <summary>The log of a message, oldest first, as <c>CREATED ACTIVE …</c>.</summary>
    protected async Task<string> StatesAsync(string messageId)
    {
        var log = await GetAsync("/v2/events?order=earliestFirst&messageId=" + messageId);
        return string.Join(' ', log.Json.GetProperty("events").EnumerateArray().Select(entry => entry.GetProperty("state").GetString()));
    }

    /// <summary>Fills <c>{sink}</c>, <c>{now}</c>, <c>{later}</c> (unix ms) and <c>{id}</c> into the filter of a theory.</summary>
    protected string Fill(string filter, string messageId = "")
    {
        var now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        return filter.Replace("{sink}", Sink.Url, StringComparison.Ordinal)
            .Replace("{now}", $"{now}", StringComparison.Ordinal)
            .Replace("{later}", $"{now + 1}", StringComparison.Ordinal)
            .Replace("{id}", messageId, StringComparison.Ordinal);
    }

    protected Task IdleAsync() => Emulator.WaitUntilIdleAsync(Cancellation);

    protected Task AdvanceAsync(double seconds) => Emulator.AdvanceAsync(TimeSpan.FromSeconds(seconds), Cancellation);

    internal static void AssertBadRequest(Answer answer, string expected)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(expected, answer.Error, StringComparison.OrdinalIgnoreCase);
    }
}
