using System.Collections.Concurrent;
using System.Globalization;
using MassTransit.QStashTransport.Callbacks;
using MassTransit.Serialization;
using MassTransit.Transports;
using Microsoft.AspNetCore.Http;

namespace MassTransit.QStashTransport.Receiving;

/// <summary>
/// One verified delivery, copied out of the HTTP request: a consumer may keep its context longer than the request lives.
/// </summary>
sealed class QStashDelivery(IHeaderDictionary headers, byte[] body) : QStashMessageContext
{
    readonly Lazy<ConcurrentDictionary<string, int>> _copies = new(() => new ConcurrentDictionary<string, int>(StringComparer.Ordinal));

    public byte[] Body { get; private set; } = body;
    public DateTimeOffset? ExpirationTime => TransportHeaders.GetExpirationTime(Headers);
    public string? ContentType { get; private set; } = headers.ContentType;

    /// <summary>Null for a message, else what kind of callback this is: see <see cref="CallbackRequest"/>.</summary>
    public string? CallbackKind { get; } = headers[CallbackRequest.KindHeader];

    public IHeaderProvider Headers => field ??= new DeliveryHeaders(TransportHeaders.Decode(HttpHeaders.GetValueOrDefault(TransportHeaders.HeaderName)), HttpHeaders, MessageId);

    public DateTimeOffset? ScheduleStartTime => TransportHeaders.GetScheduleStartTime(Headers);
    public DateTimeOffset? ScheduleEndTime => TransportHeaders.GetScheduleEndTime(Headers);

    public string MessageId { get; } = headers["Upstash-Message-Id"].ToString();
    public int Retried { get; } = int.TryParse(headers["Upstash-Retried"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
    public int MaxRetries { get; } = DeliveryTerms.ReadMaxRetries(headers);
    public TimeSpan? Timeout { get; } = DeliveryTerms.ReadTimeout(headers);
    public string? UrlGroup { get; } = headers["Upstash-Topic-Name"];
    // That of a callback's source says nothing about the callback.
    public string? ScheduleId { get; } = headers.ContainsKey(CallbackRequest.KindHeader) ? null : (string?)headers["Upstash-Schedule-Id"];
    public string? CallerIp { get; } = headers["Upstash-Caller-Ip"];
    public string? Region { get; } = headers["Upstash-Region"];

    public IReadOnlyDictionary<string, string> HttpHeaders { get; } = headers
        .Where(header => !header.Key.Equals("Upstash-Signature", StringComparison.OrdinalIgnoreCase))
        .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Puts a message into the place of the callback that arrived.</summary>
    public void Become(byte[] envelope) => (Body, ContentType) = (envelope, SystemTextJsonMessageSerializer.JsonContentType.ToString());

    /// <summary>Counts the copies of this message that its consumers send to one destination, from 1.</summary>
    public int CountCopy(string destination) => _copies.Value.AddOrUpdate(destination, 1, (_, copies) => copies + 1);
}
