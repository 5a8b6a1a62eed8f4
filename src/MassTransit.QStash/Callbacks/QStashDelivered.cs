using QStash.Client;

namespace MassTransit;

/// <summary>
/// A message arrived: its destination answered with a 2xx status. QStash sends this report to the endpoint that
/// <see cref="QStashDeliverySettings.Callback"/> names; no subscription is needed.
/// </summary>
[ConfigureConsumeTopology(false)]
public sealed record QStashDelivered : QStashDeliveryReport;
