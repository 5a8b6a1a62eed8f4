using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Globalization;
using MassTransit.QStashTransport.Outgoing;
using MassTransit.QStashTransport.Wire;
using MassTransit.Serialization;
using MassTransit.Transports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// One verified delivery, which holds nothing of its HTTP request: a consumer may keep its context longer than the request lives.
/// </summary>
sealed class QStashDelivery : QStashMessageContext, ICausingDelivery
{
    const int MaxIdLength = 200;

    // What the server read, by reference: it will use its own collection for the next request.
    readonly KeyValuePair<string, StringValues>[] _headers;

    readonly AccountProof _proof;
    readonly IHeaderProvider? _sent;
    readonly string? _traceParent;
    ConcurrentDictionary<string, int>? _copies;
    ConcurrentQueue<Func<Task>>? _lastSends;

    public QStashDelivery(IHeaderDictionary headers, MessageBody body, AccountProof proof)
    {
        _headers = new KeyValuePair<string, StringValues>[headers.Count];
        headers.CopyTo(_headers, 0);

        _proof = proof;
        Body = body;
        ContentType = headers.ContentType;
        CallbackKind = headers[CallbackHeaders.Kind];
        MessageId = ReadId(headers["Upstash-Message-Id"].ToString());
        Retried = int.TryParse(headers["Upstash-Retried"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
        MaxRetries = DeliveryTerms.ReadMaxRetries(headers);
        Timeout = DeliveryTerms.ReadTimeout(headers);
        // That of a callback's source says nothing about the callback.
        ScheduleId = CallbackKind is null ? (string?)headers["Upstash-Schedule-Id"] : null;
        _sent = TransportHeaders.Decode(headers[TransportHeaders.HeaderName]);
        // The trace of a message from elsewhere goes on through the request, where that is traced.
        _traceParent = _sent is null ? Activity.Current?.Id ?? (string?)headers.TraceParent : null;
    }

    public MessageBody Body { get; private set; }
    public string? ContentType { get; private set; }

    /// <summary>Null for a message, else what kind of callback this is: see <see cref="CallbackHeaders"/>.</summary>
    public string? CallbackKind { get; }

    public IHeaderProvider Headers => field ??=
        new DeliveryHeaders(_sent, _sent is null ? HttpHeaders : ReadOnlyDictionary<string, string>.Empty, MessageId, IsProven,
            _traceParent);

    public DateTimeOffset? ExpirationTime => TransportHeaders.GetExpirationTime(Headers);

    public string MessageId { get; }
    public int Retried { get; }
    public int MaxRetries { get; }
    public TimeSpan? Timeout { get; }
    public string? UrlGroup => HttpHeaders.GetValueOrDefault("Upstash-Topic-Name");
    public string? ScheduleId { get; }
    public string? CallerIp => HttpHeaders.GetValueOrDefault("Upstash-Caller-Ip");
    public string? Region => HttpHeaders.GetValueOrDefault("Upstash-Region")?.ToUpperInvariant().Replace('-', '_');

    // Few ask.
    public IReadOnlyDictionary<string, string> HttpHeaders => field ??= _headers
        .Where(header => !header.Key.Equals("Upstash-Signature", StringComparison.OrdinalIgnoreCase))
        .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    // What could not be an id, such as two of them, is none: it would not be one to ask QStash about.
    static string ReadId(string text) =>
        text.Length <= MaxIdLength && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && !text.AsSpan().ContainsAny("/?#,")
            && text is not ("." or "..") ? text : "";

    // Whatever the body is: the header that says what it is has no signature either.
    bool IsProven() =>
        Find(TransportHeaders.HeaderName) is { } sent
        && Find(AccountProof.HeaderName) is { } proof
        && _proof.IsValid(proof, AccountProof.Headers, sent, Body.GetBytes());

    string? Find(string name)
    {
        foreach (var (key, value) in _headers)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
                return value.ToString();
        }

        return null;
    }

    /// <summary>Puts a message into the place of the callback that arrived.</summary>
    public void Become(byte[] envelope) =>
        (Body, ContentType) = (new BytesMessageBody(envelope), SystemTextJsonMessageSerializer.JsonContentType.ToString());

    public byte[] GetBody() => Body.GetBytes();

    public void SendLast(Func<Task> send) => LazyInitializer.EnsureInitialized(ref _lastSends).Enqueue(send);

    /// <summary>Sends what was put off.</summary>
    public Task SendRest() => _lastSends is null ? Task.CompletedTask : SendEach(_lastSends);

    static async Task SendEach(ConcurrentQueue<Func<Task>> sends)
    {
        while (sends.TryDequeue(out var send))
            await send().ConfigureAwait(false);
    }

    public int CountCopy(string destination) => LazyInitializer
        .EnsureInitialized(ref _copies, static () => new ConcurrentDictionary<string, int>(StringComparer.Ordinal))
        .AddOrUpdate(destination, 1, static (_, copies) => copies + 1);
}
