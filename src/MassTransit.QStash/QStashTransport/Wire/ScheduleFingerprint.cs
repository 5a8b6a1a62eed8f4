using System.Security.Cryptography;
using System.Text.Json;
using MassTransit.QStashTransport.Scheduling;
using MassTransit.QStashTransport.Sending;
using MassTransit.Serialization;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// A label that marks a schedule as declared, and tells whether it is still what the code says: of the body QStash may show only
/// a hash, and each start of the service makes another one, with new ids and times in it.
/// </summary>
static class ScheduleFingerprint
{
    const string Prefix = "mt-declared.";

    // Counts up when the package begins to write schedules differently.
    const int Version = 2;

    public static bool Is(string label) => label.StartsWith(Prefix, StringComparison.Ordinal);

    public static string Create<T>(QStashMessageSendContext<T> context)
        where T : class
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        Append(Version);
        Append(context.Message);
        Append(context.SupportedMessageTypes);
        Append(context.Headers.GetAll()
            .Where(header => !TransportHeaders.IsTrace(header.Key))
            .OrderBy(header => header.Key, StringComparer.Ordinal));
        Append(DeliveryProperties.Write(context.Delivery));
        Append(context.Queue);
        Append(new[] { context.Recurrence?.StartTime, context.Recurrence?.EndTime });
        Append(context.ContentType.ToString());
        Append(new[] { context.CorrelationId, context.RequestId, context.InitiatorId });
        Append(new[] { context.ResponseAddress, context.FaultAddress });

        return Prefix + Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));

        void Append(object? value) => hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(value, SystemTextJsonMessageSerializer.Options));
    }
}
