using System.Diagnostics.Metrics;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Counts deliveries by their end. MassTransit's own metrics begin where a message is received; these also tell what was refused,
/// turned away or expired before.
/// </summary>
sealed class AnswerMetrics(IMeterFactory meterFactory)
{
    readonly Counter<long> _deliveries = meterFactory.Create("MassTransit.QStash")
        .CreateCounter<long>("masstransit.qstash.deliveries", "{delivery}", "Deliveries from QStash, by how they ended");

    /// <param name="target">The endpoint; null for an unknown one, whose name anybody can make up.</param>
    /// <param name="outcome">How it ended.</param>
    public void Count(IDeliveryTarget? target, DeliveryOutcome outcome)
    {
        if (!_deliveries.Enabled)
            return;

        var outcomeTag = KeyValuePair.Create("outcome", (object?)outcome.ToString());

        // The name of the bus endpoint is another one each time the process starts.
        if (target is null || target.IsBusEndpoint)
            _deliveries.Add(1, outcomeTag);
        else
            _deliveries.Add(1, outcomeTag, KeyValuePair.Create("messaging.destination.name", (object?)target.EndpointName));
    }
}
