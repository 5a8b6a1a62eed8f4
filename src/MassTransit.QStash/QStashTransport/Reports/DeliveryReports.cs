using System.Text.Json;
using MassTransit.Metadata;
using MassTransit.QStashTransport.Topology;
using MassTransit.QStashTransport.Wire;
using MassTransit.Serialization;
using MassTransit.Transports;
using QStash.Client;

namespace MassTransit.QStashTransport.Reports;

/// <summary>
/// Turns the callbacks that arrive at an endpoint into messages, before the endpoint's pipeline reads them.
/// </summary>
sealed class DeliveryReports(ReceiveEndpointContext context, AccountProof accountProof, KnownMessageTypes messageTypes,
    TimeProvider timeProvider)
{
    readonly UndeliveredFaults _faults = new(context, messageTypes, timeProvider);

    /// <summary>
    /// Turns the body of a callback into the envelope of a report; gives null when it is not the body of a callback. If the callback has to
    /// raise a fault, the fault is sent before this returns.
    /// </summary>
    /// <param name="body">The body of the callback.</param>
    /// <param name="headers">The headers of the callback.</param>
    /// <param name="messageId">QStash's id of the callback.</param>
    /// <param name="cancellationToken">Cancels the sending of a fault.</param>
    public async Task<byte[]?> Receive(byte[] body, IReadOnlyDictionary<string, string> headers, string messageId,
        CancellationToken cancellationToken)
    {
        QStashCallback callback;
        try
        {
            callback = QStashCallback.Parse(body);
        }
        catch (JsonException exception)
        {
            LogContext.Warning?.Log(exception, "A callback to {InputAddress} is not one of QStash: {MessageId}", context.InputAddress,
                messageId);

            return null;
        }

        var report = CreateReport(callback);

        // The proof shows that a bus of the account sent the message. Only then the data that it sent outside of the body counts.
        var extraHeaders = headers.GetValueOrDefault(CallbackHeaders.Source);
        var isProven = accountProof.IsValid(headers.GetValueOrDefault(CallbackHeaders.Proof), AccountProof.Source, extraHeaders ?? "",
            report.SourceBody);

        var source = SourceMessage.Read(context.Serialization, report.SourceHeaders, report.SourceBody, report.QStashMessageId,
            report.Url, isProven ? extraHeaders : null);

        report = report with
        {
            // Each message of a schedule has its own id, which is not in the body.
            MessageId = report.ScheduleId is null ? source?.MessageId : MessageIdOf.Message(report.QStashMessageId),
            CorrelationId = source?.CorrelationId,
            MessageTypes = source?.SupportedMessageTypes ?? [],
        };

        if (source is not null && report is QStashDeliveryFailed { Reason: null } failed)
            await _faults.Raise(failed, source, isProven, cancellationToken).ConfigureAwait(false);

        return Serialize(report, source);
    }

    // The signed body, not the header, tells whether this is about a failure or an attempt.
    QStashDeliveryReport CreateReport(QStashCallback callback)
    {
        QStashDeliveryReport report = callback.DlqId is { Length: > 0 } dlqId
            ? new QStashDeliveryFailed
            {
                QStashMessageId = callback.SourceMessageId,
                DlqId = dlqId,
                Reason = ReadReason(callback),
            }
            : callback.IsSuccess
                ? new QStashDelivered { QStashMessageId = callback.SourceMessageId }
                : new QStashDeliveryAttemptFailed
                {
                    QStashMessageId = callback.SourceMessageId,
                    IsLast = callback.Retried >= callback.MaxRetries
                        || ReasonText.IsNonRetryable(callback.Status, callback.ResponseHeaders),
                };

        return report with
        {
            Url = Uri.TryCreate(callback.Url, UriKind.Absolute, out var url) ? url : null,
            Method = callback.Method,
            UrlGroup = callback.UrlGroup,
            ScheduleId = callback.ScheduleId,
            Retried = callback.Retried,
            MaxRetries = callback.MaxRetries,
            Status = callback.Status,
            ResponseHeaders = Join(callback.ResponseHeaders),
            ResponseBody = callback.ResponseBody.ToArray(),
            SourceHeaders = Join(callback.SourceHeaders),
            SourceBody = callback.SourceBody.ToArray(),
            CreatedAt = callback.CreatedAt,
            NotBefore = callback.NotBefore,
            CallerIp = callback.CallerIp,
        };
    }

    // Any server may answer in this form. Only an endpoint of the account can prove that it gave the message up itself.
    QStashDeadLetterReason? ReadReason(QStashCallback callback) =>
        ReasonText.Read(callback.Status, callback.ResponseHeaders, callback.ResponseBody.Span) is { } reason
        && callback.ResponseHeaders.TryGetValue(AccountProof.HeaderName, out var proofs)
        && proofs.Any(
        proof => accountProof.IsValid(proof, AccountProof.Answer, callback.SourceMessageId, callback.ResponseBody.Span, callback.Url ?? ""))
            ? reason
            : null;

    byte[] Serialize(QStashDeliveryReport report, SerializerContext? source)
    {
        var envelope = new JsonMessageEnvelope
        {
            MessageId = MessageIdOf.Report(report.QStashMessageId, report.Retried, (report as QStashDeliveryFailed)?.DlqId).ToString(),
            CorrelationId = report.CorrelationId?.ToString(),
            ConversationId = source?.ConversationId?.ToString(),
            SourceAddress = report.Url?.ToString(),
            DestinationAddress = context.InputAddress.ToString(),
            MessageType = MessageTypeCache.GetMessageTypeNames(report.GetType()),
            Message = report,
            SentTime = timeProvider.GetUtcNow().UtcDateTime,
            Host = HostMetadataCache.Host,
        };

        return JsonSerializer.SerializeToUtf8Bytes(envelope, SystemTextJsonMessageSerializer.Options);
    }

    static Dictionary<string, string> Join(IReadOnlyDictionary<string, IReadOnlyList<string>> headers) =>
        headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
}
