using System.Diagnostics.CodeAnalysis;
using MassTransit.QStashTransport.Reports;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Handles a delivery before consumers get it: a delivery that is too late ends here, and a callback becomes a report.
/// </summary>
/// <param name="inputAddress">The endpoint.</param>
/// <param name="deadLetterExpired">Whether expired messages go to the dead letter queue.</param>
/// <param name="reports">Turns callbacks into reports.</param>
/// <param name="time">The clock.</param>
sealed class DeliveryIntake(Uri inputAddress, bool deadLetterExpired, DeliveryReports reports, TimeProvider time)
{
    /// <summary>Whether a delivery is too late, and with which result.</summary>
    public bool IsLate(QStashDelivery delivery, [NotNullWhen(true)] out DeliveryResult? result)
    {
        result = null;

        if (delivery.ExpirationTime is not { } expiration || expiration > time.GetUtcNow())
            return false;

        result = deadLetterExpired
            ? new DeliveryResult(DeliveryOutcome.ExpiredToDeadLetter, new QStashDeadLetterReason("expired"))
            : DeliveryOutcome.Expired;
        LogContext.Debug?.Log("EXPIRED {InputAddress} {TransportMessageId}", inputAddress, delivery.MessageId);

        return true;
    }

    /// <summary>Makes a report of a callback. The result is that of a callback that no consumer is to get; else null.</summary>
    public async Task<DeliveryResult?> TakeCallback(QStashDelivery delivery, CancellationToken requestAborted)
    {
        try
        {
            if (await reports.Receive(delivery.Body.GetBytes(), delivery.HttpHeaders, delivery.MessageId,
                requestAborted).ConfigureAwait(false) is not { } envelope)
                return new DeliveryResult(DeliveryOutcome.Faulted,
                    new QStashDeadLetterReason("fault") { Message = "The body is not that of a callback." });

            delivery.Become(envelope);

            return null;
        }
        catch (OperationCanceledException) when (requestAborted.IsCancellationRequested)
        {
            return DeliveryOutcome.Canceled;
        }
        catch (Exception exception)
        {
            // QStash tries again, so that the fault is not lost.
            LogContext.Error?.Log(exception, "The fault of an undelivered message could not be sent: {MessageId}", delivery.MessageId);

            return DeliveryOutcome.Failed;
        }
    }
}
