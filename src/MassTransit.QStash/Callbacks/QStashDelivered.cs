using QStash.Client;

namespace MassTransit;

/// <summary>
/// A message arrived: its destination answered with a 2xx status. Comes to the endpoint that
/// <see cref="QStashDeliverySettings.Callback"/> names, where nobody needs to be subscribed.
/// </summary>
[ConfigureConsumeTopology(false)]
public sealed record QStashDelivered : QStashDeliveryReport;
