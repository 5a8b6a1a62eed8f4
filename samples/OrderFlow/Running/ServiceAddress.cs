namespace OrderFlow.Running;

/// <summary>
/// Where a service listens, and under which address QStash reaches it.
/// </summary>
public sealed record ServiceAddress(string Name, int Port, Uri PublicAddress);
