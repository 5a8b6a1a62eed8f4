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
/// One verified delivery. It holds no reference to its HTTP request, because a consumer may keep its context longer than the request lives.
/// </summary>
sealed class QStashDelivery : QStashMessageContext, ICausingDelivery
{
    const int MaxIdLength = 200;

    // A copy of the references to the header values, because the server reuses its collection for the next request.
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
        // In a callback the header names the schedule of the source message, not of the callback.
        ScheduleId = CallbackKind is null ? (string?)headers["Upstash-Schedule-Id"] : null;
        _sent = TransportHeaders.Decode(headers[TransportHeaders.HeaderName]);
        // For a message from another program the trace continues through the request, if the request is traced.
        _traceParent = _sent is null ? Activity.Current?.Id ?? (string?)headers.TraceParent : null;
    }

    public MessageBody Body { get; private set; }
    public string? ContentType { get; private set; }

    /// <summary>The kind of the callback, see <see cref="CallbackHeaders"/>; null for a message.</summary>
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

    // Created on first use, because few consumers read it.
    public IReadOnlyDictionary<string, string> HttpHeaders => field ??= _headers
        .Where(header => !header.Key.Equals("Upstash-Signature", StringComparison.OrdinalIgnoreCase))
        .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    // A text that cannot be an id, such as two ids, counts as none, because it is used in calls to QStash.
    static string ReadId(string text) =>
        text.Length <= MaxIdLength && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && !text.AsSpan().ContainsAny("/?#,")
            && text is not ("." or "..") ? text : "";

    // The body's content type is not considered, because its header is not signed either.
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

    /// <summary>Replaces the callback that arrived with a message.</summary>
    public void Become(byte[] envelope) =>
        (Body, ContentType) = (new BytesMessageBody(envelope), SystemTextJsonMessageSerializer.JsonContentType.ToString());

    public byte[] GetBody() => Body.GetBytes();

    public void SendLast(Func<Task> send) => LazyInitializer.EnsureInitialized(ref _lastSends).Enqueue(send);

    /// <summary>Runs the sends that were deferred with <see cref="SendLast"/>.</summary>
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
