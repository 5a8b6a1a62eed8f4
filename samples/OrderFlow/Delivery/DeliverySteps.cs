using MassTransit;
using OrderFlow.Contracts;
using OrderFlow.Running;

namespace OrderFlow.Delivery;

/// <summary>
/// How QStash delivers: docs/callbacks.md, docs/deduplication.md, docs/flow-control.md and docs/labels.md.
/// </summary>
static class DeliverySteps
{
    public const int Articles = 10;

    public static async Task Run(IServiceProvider services, Uri carrier, FlowTrace trace)
    {
        var sender = services.GetRequiredService<ISendEndpointProvider>();

        await PackOnce(await sender.GetSendEndpoint(new Uri("queue:pack-order")), trace);
        await UpdateStock(await sender.GetSendEndpoint(new Uri("queue:update-stock")));
        await CallCarrier(await sender.GetSendEndpoint(carrier));
    }

    static async Task PackOnce(ISendEndpoint packing, FlowTrace trace)
    {
        var order = new PackOrder(NewId.NextGuid());

        // Who clicks twice sends two messages, and QStash keeps the first.
        for (var click = 0; click < 2; click++)
        {
            QStashSendContext? sent = null;

            await packing.Send(order, x =>
            {
                x.UseQStash(d => (d.DeduplicationId, d.Callback) = ($"pack-{order.OrderId}", new("queue:delivery-report")));
                x.TryGetPayload(out sent);
            });

            if (sent!.Receipts is [{ Deduplicated: true } receipt])
                trace.Seen(FlowStep.CopyRecognised, $"QStash has it already, as {receipt.MessageId}");
        }
    }

    // That they arrive one by one is set for their type.
    static Task UpdateStock(ISendEndpoint stock) =>
        Task.WhenAll(Enumerable.Range(1, Articles).Select(article => stock.Send(new UpdateStock(article))));

    static Task CallCarrier(ISendEndpoint carrier) => carrier.Send(new FetchParcel(NewId.NextGuid()), x => x.UseQStash(d =>
    {
        d.PlainJson = true;
        d.Method = HttpMethod.Put;
        d.ForwardHeaders["X-Api-Key"] = "top-secret";
        d.Timeout = TimeSpan.FromSeconds(30);

        // To find it by in the console, which is not to show the key.
        d.Labels.Add("carrier");
        d.RedactFields.Add("header[X-Api-Key]");
    }));
}
