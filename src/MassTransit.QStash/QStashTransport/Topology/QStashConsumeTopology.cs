namespace MassTransit.QStashTransport.Topology;

sealed class QStashConsumeTopology : ConsumeTopology
{
    // The name becomes a segment of a URL. ':' is the only character of MassTransit's generator that is not legal there.
    public override string CreateTemporaryQueueName(string tag) => base.CreateTemporaryQueueName(tag).Replace(':', '-');
}
