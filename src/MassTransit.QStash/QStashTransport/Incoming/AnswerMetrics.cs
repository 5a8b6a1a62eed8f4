using System.Diagnostics.Metrics;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Counts deliveries by their outcome. MassTransit's own metrics begin when a message is received; these also count deliveries that were
/// refused, turned away or expired before that.
/// </summary>
sealed class AnswerMetrics(IMeterFactory meterFactory)
{
    readonly Counter<long> _deliveries = meterFactory.Create("MassTransit.QStash")
        .CreateCounter<long>("masstransit.qstash.deliveries", "{delivery}", "Deliveries from QStash, by how they ended");

    /// <param name="target">The endpoint; null if it is unknown. An unknown name is not recorded, because anybody can make one up.</param>
    /// <param name="outcome">How the delivery ended.</param>
    public void Count(IDeliveryTarget? target, DeliveryOutcome outcome)
    {
        if (!_deliveries.Enabled)
            return;

        var outcomeTag = KeyValuePair.Create("outcome", (object?)outcome.ToString());

        // The name of the bus endpoint changes each time the process starts.
        if (target is null || target.IsBusEndpoint)
            _deliveries.Add(1, outcomeTag);
        else
            _deliveries.Add(1, outcomeTag, KeyValuePair.Create("messaging.destination.name", (object?)target.EndpointName));
    }
}
