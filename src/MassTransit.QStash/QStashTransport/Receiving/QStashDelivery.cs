using System.Collections.Concurrent;
using System.Globalization;
using MassTransit.Transports;
using Microsoft.AspNetCore.Http;

namespace MassTransit.QStashTransport.Receiving;

/// <summary>
/// One verified delivery, copied out of the HTTP request: a consumer may keep its context longer than the request lives.
/// </summary>
sealed class QStashDelivery(IHeaderDictionary headers, byte[] body) : QStashMessageContext
{
    readonly Lazy<ConcurrentDictionary<string, int>> _copies = new(() => new ConcurrentDictionary<string, int>(StringComparer.Ordinal));

    public byte[] Body => body;
    public string? ContentType { get; } = headers.ContentType;
    public IHeaderProvider Headers { get; } = TransportHeaders.Decode(headers[TransportHeaders.HeaderName]);

    /// <summary>The first time a schedule may make a message, if it is limited.</summary>
    public DateTimeOffset? StartTime => GetTime(TransportHeaders.ScheduleStartTime);

    /// <summary>The last time a schedule may make a message, if it is limited.</summary>
    public DateTimeOffset? EndTime => GetTime(TransportHeaders.ScheduleEndTime);

    public string MessageId { get; } = headers["Upstash-Message-Id"].ToString();
    public int Retried { get; } = int.TryParse(headers["Upstash-Retried"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
    public string? UrlGroup { get; } = headers["Upstash-Topic-Name"];
    public string? ScheduleId { get; } = headers["Upstash-Schedule-Id"];
    public string? CallerIp { get; } = headers["Upstash-Caller-Ip"];
    public string? Region { get; } = headers["Upstash-Region"];

    /// <summary>Counts the copies of this message that its consumers send to one destination, from 1.</summary>
    public int CountCopy(string destination) => _copies.Value.AddOrUpdate(destination, 1, (_, copies) => copies + 1);

    DateTimeOffset? GetTime(string header) =>
        Headers.TryGetHeader(header, out var value)
        && DateTimeOffset.TryParseExact(value as string, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : null;
}
