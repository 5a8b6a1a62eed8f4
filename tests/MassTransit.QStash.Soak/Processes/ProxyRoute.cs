namespace MassTransit.QStash.Soak.Processes;

/// <summary>Where deliveries to a service go.</summary>
/// <param name="Service">The port of the process that gets them.</param>
/// <param name="Replica">The port of a second process, which gets copies only.</param>
readonly record struct ProxyRoute(int Service, int Replica);
