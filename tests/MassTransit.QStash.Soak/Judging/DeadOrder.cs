namespace MassTransit.QStash.Soak.Judging;

/// <summary>A dead letter.</summary>
/// <param name="Service">The service it was meant for.</param>
/// <param name="Order">The order it is about.</param>
readonly record struct DeadOrder(string Service, int Order);
