namespace MassTransit.QStashTransport.Topology;

sealed class QStashConsumeTopology : ConsumeTopology
{
    // The name becomes a segment of a URL: ':' is what MassTransit's generator allows beyond the legal characters.
    public override string CreateTemporaryQueueName(string tag) => base.CreateTemporaryQueueName(tag).Replace(':', '-');
}
