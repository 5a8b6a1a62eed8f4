namespace MassTransit.QStash.Soak.Services;

/// <summary>What a service is started with.</summary>
/// <param name="Api">The emulator.</param>
/// <param name="Port">Where the service listens.</param>
/// <param name="PublicPort">Where the proxy listens for it; its public address.</param>
/// <param name="IsReplica">Whether it is a second process of the service, which publishes no orders.</param>
/// <param name="Folder">Where its database is, which outlives the process.</param>
/// <param name="Orders">How many orders there are.</param>
/// <param name="Seed">What message ids are made from.</param>
/// <param name="Broken"><see cref="SoakOptions.Broken"/>.</param>
sealed record ServiceSettings(Uri Api, int Port, int PublicPort, bool IsReplica, string Folder, int Orders, int Seed, int Broken)
{
    public Uri Address { get; } = new($"http://127.0.0.1:{PublicPort}");
}
