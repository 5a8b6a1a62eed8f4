using System.Diagnostics.CodeAnalysis;
using MassTransit.QStashTransport.Reports;
using MassTransit.Transports;

namespace MassTransit;

/// <summary>
/// Reads the message that a report of QStash is about.
/// </summary>
public static class QStashDeliveryReportExtensions
{
    /// <summary>
    /// Reads the message that the report is about, with the deserializers of the endpoint that got the report. A body without an envelope
    /// and without message types is read as <typeparamref name="T"/>.
    /// </summary>
    /// <returns>False when the message is of another type or cannot be read.</returns>
    public static bool TryGetSourceMessage<T>(this ConsumeContext<QStashDeliveryReport> context, [NotNullWhen(true)] out T? message)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(context);

        message = null;
        var report = context.Message;

        if (report.MessageTypes.Count > 0 && !report.MessageTypes.Contains(MessageUrn.ForTypeString<T>()))
            return false;

        if (!context.ReceiveContext.TryGetPayload(out ReceiveEndpointContext? endpoint))
            return false;

        return SourceMessage.Read(endpoint.Serialization, report.SourceHeaders, report.SourceBody, report.QStashMessageId, report.Url)
            ?.TryGetMessage(out message) == true;
    }
}
