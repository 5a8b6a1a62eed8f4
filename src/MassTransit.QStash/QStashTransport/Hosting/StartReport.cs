using System.Globalization;
using Microsoft.Extensions.Logging;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Says in one log entry, when a bus starts, what it is set to and what may be wrong with that. Never a secret.
/// </summary>
sealed partial class StartReport(QStashHostConfiguration host, ILogger<StartReport> logger) : BusObserver
{
    public override Task PreStart(IBus bus)
    {
        var risks = StartRisks.Find(host).ToArray();
        var level = risks.Any(risk => risk.IsSerious) ? LogLevel.Warning : LogLevel.Information;

        var settings = host.Settings;
        var name = host.ShownName;
        var endpoints = List(host.Endpoints.Names);
        var urlGroups = settings.DeploysTopology ? List(host.UrlGroups) : "not joined at start (DeployTopology is off)";
        var address = settings.Addresses.AreMissing ? "none, so it can only send (BaseAddress)" : host.HostAddress.ToString();
        var instanceAddress = settings.Addresses.AreMissing ? "none" : settings.Addresses.InstanceEndpointBase.ToString();
        var keys = List(settings.Account.KeyNames);
        var retries = settings.DeliverySettings.Retries?.ToString(CultureInfo.InvariantCulture) ?? "QStash's 3";
        var limits = $"bodies of {settings.BodyLimit} bytes, {retries} retries";
        var list = risks.Length == 0 ? "none" : string.Concat(risks.Select(risk => $"{Environment.NewLine}    {risk}"));

        BusStarts(logger, level, name, address, instanceAddress, settings.Account.ApiUrl, settings.Account.Region, endpoints, urlGroups,
            keys, limits, settings.GuardsAgainstReplays, list);

        return Task.CompletedTask;
    }

    static string List(IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } list ? list : "none";

    [LoggerMessage(EventId = 1, Message = "QStash bus '{Bus}' starts\n  address: {Address}\n  address of this process: "
        + "{InstanceAddress}\n  API: {Api}, region {Region}\n"
        + "  endpoints: {Endpoints}\n  URL groups: {UrlGroups}\n  keys: {Keys}\n  limits: {Limits}\n  replay guard on: {ReplayGuard}\n "
        + " risks: {Risks}")]
    static partial void BusStarts(ILogger logger, LogLevel level, string bus, string address, string instanceAddress, Uri api,
        string region, string endpoints, string urlGroups,
        string keys, string limits, bool replayGuard, string risks);
}
