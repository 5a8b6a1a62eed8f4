using System.Security.Cryptography;
using System.Text.Json;
using MassTransit.Serialization;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// A label that marks a schedule as declared, and tells whether it is still as the code declares it. The body cannot be compared: QStash
/// may show only a hash of it, and each start of the service makes a new one with other ids and times.
/// </summary>
static class ScheduleFingerprint
{
    const string Prefix = "mt-declared.";

    // Increase it when the package begins to write schedules differently.
    const int Version = 2;

    public static bool Is(string label) => label.StartsWith(Prefix, StringComparison.Ordinal);

    /// <param name="context">The send of the message that is to recur.</param>
    /// <param name="message">The message.</param>
    /// <param name="delivery">The delivery settings, as <see cref="StoredSend"/> writes them.</param>
    /// <param name="queue">The queue of QStash it goes through, or null.</param>
    /// <param name="startTime">No messages before.</param>
    /// <param name="endTime">No messages after.</param>
    public static string Create(SendContext context, object message, string delivery, string? queue, DateTimeOffset? startTime,
        DateTimeOffset? endTime)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        Append(Version);
        Append(message);
        Append(context.SupportedMessageTypes);
        Append(context.Headers.GetAll()
            .Where(header => !TransportHeaders.IsTrace(header.Key))
            .OrderBy(header => header.Key, StringComparer.Ordinal));
        Append(delivery);
        Append(queue);
        Append(new[] { startTime, endTime });
        Append(context.ContentType?.ToString());
        Append(new[] { context.CorrelationId, context.RequestId, context.InitiatorId });
        Append(new[] { context.ResponseAddress, context.FaultAddress });

        return Prefix + Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));

        void Append(object? value) => hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(value, SystemTextJsonMessageSerializer.Options));
    }
}
