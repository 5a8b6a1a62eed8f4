using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Globalization;
using MassTransit.QStashTransport.Outgoing;
using MassTransit.QStashTransport.Wire;
using MassTransit.Serialization;
using MassTransit.Transports;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// One verified delivery. It holds no reference to its HTTP request, because a consumer may keep its context longer than the request lives.
/// </summary>
sealed class QStashDelivery : QStashMessageContext, ICausingDelivery
{
    const int MaxIdLength = 200;

    readonly KeyValuePair<string, StringValues>[] _headers;

    readonly AccountProof _proof;
    readonly IHeaderProvider? _sent;
    readonly string? _traceParent;
    ConcurrentDictionary<string, int>? _copies;
    ConcurrentQueue<Func<Task>>? _lastSends;

    /// <param name="headers">A copy of the headers, because the server reuses its collection for the next request.</param>
    /// <param name="bound">Those of them that are bound to the token. No other one decides anything.</param>
    /// <param name="body">The body.</param>
    /// <param name="proof">Checks the headers of a MassTransit sender.</param>
    public QStashDelivery(KeyValuePair<string, StringValues>[] headers, in BoundHeaders bound, MessageBody body, AccountProof proof)
    {
        _headers = headers;
        _proof = proof;
        Body = body;
        ContentType = bound[BoundHeaders.ContentType];
        CallbackKind = bound[BoundHeaders.CallbackKind];
        MessageId = ReadId(bound[BoundHeaders.MessageId].ToString());
        Retried = int.TryParse(bound[BoundHeaders.Retried], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
        MaxRetries = DeliveryTerms.ReadMaxRetries(bound[BoundHeaders.Retries]);
        Timeout = DeliveryTerms.ReadTimeout(bound[BoundHeaders.Timeout]);
        // In a callback the header names the schedule of the source message, not of the callback.
        ScheduleId = CallbackKind is null ? (string?)bound[BoundHeaders.ScheduleId] : null;
        _sent = TransportHeaders.Decode(bound[BoundHeaders.Sent]);
        // For a message from another program the trace continues through the request, if the request is traced.
        _traceParent = _sent is null ? Activity.Current?.Id ?? Find(HeaderNames.TraceParent) : null;
    }

    public MessageBody Body { get; private set; }
    public string? ContentType { get; private set; }

    /// <summary>The kind of the callback, see <see cref="CallbackHeaders"/>; null for a message.</summary>
    public string? CallbackKind { get; }

    public IHeaderProvider Headers => field ??= new UnsignedHeaders(this);

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

    sealed class UnsignedHeaders(QStashDelivery delivery) : DeliveryHeaders(delivery._sent,
        delivery._sent is null ? delivery.HttpHeaders : ReadOnlyDictionary<string, string>.Empty, delivery.MessageId,
        delivery._traceParent)
    {
        // A byte is written at once, and a nullable bool is not.
        Proof _proof;

        protected override bool IsProven => (_proof is Proof.Unchecked ? _proof = Check() : _proof) is Proof.Valid;

        // The body's content type is not considered, because its header is not signed either.
        Proof Check() =>
            delivery.Find(TransportHeaders.HeaderName) is { } sent
            && delivery.Find(AccountProof.HeaderName) is { } proof
            && delivery._proof.IsValid(proof, AccountProof.Headers, sent, delivery.Body.GetBytes()) ? Proof.Valid : Proof.Invalid;

        enum Proof : byte
        {
            Unchecked,
            Valid,
            Invalid,
        }
    }
}
