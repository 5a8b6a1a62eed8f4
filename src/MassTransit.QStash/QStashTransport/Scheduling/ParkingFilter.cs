using MassTransit.QStashTransport.Configuration;
using MassTransit.QStashTransport.Receiving;
using MassTransit.QStashTransport.Topology;
using QStash.Client;

namespace MassTransit.QStashTransport.Scheduling;

/// <summary>
/// The endpoint of parked messages: sends each on. Nothing opens the body.
/// </summary>
sealed class ParkingFilter(QStashHostConfiguration hostConfiguration) : IFilter<ReceiveContext>
{
    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        if (!context.TryGetPayload(out QStashReceiveContext? receiveContext) || !context.TryGetPayload(out QStashDelivery? delivery))
            throw new InvalidOperationException("The message did not come through QStash.");

        if (ParkedMessage.Read(delivery) is not { } parked)
        {
            receiveContext.DeadLetter(DeliveryOutcome.Skipped, new QStashDeadLetterReason("skipped") { Message = "It was not parked by this service." });
            return;
        }

        try
        {
            await hostConfiguration.Delays.SendOnAsync(parked, context.CancellationToken).ConfigureAwait(false);
        }
        catch (QStashException exception) when (UrlGroupName.IsMissing(parked.Message.Destination, exception.Error))
        {
            // Nobody subscribes any more.
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("parking");
}
