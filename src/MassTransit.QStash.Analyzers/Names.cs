namespace MassTransit.QStash.Analyzers;

/// <summary>The names of the types that the rules look for.</summary>
static class Names
{
    public const string HostConfigurator = "MassTransit.IQStashHostConfigurator";
    public const string SchedulesConfigurator = "MassTransit.IQStashSchedulesConfigurator";
    public const string TransportOptions = "MassTransit.QStashTransportOptions";
    public const string Settings = "QStash.Client.QStashSettings";
    public const string KeyPair = "QStash.Client.QStashSigningKeyPair";
    public const string Verifier = "QStash.Client.QStashSignatureVerifier";
    public const string ScheduleDefinition = "QStash.Client.QStashScheduleDefinition";
    public const string ClientException = "QStash.Client.QStashException";

    public const string HttpRequest = "Microsoft.AspNetCore.Http.HttpRequest";

    public const string UseEmulator = "UseEmulator";
}
