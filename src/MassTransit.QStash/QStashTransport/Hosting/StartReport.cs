using System.Globalization;
using Microsoft.Extensions.Logging;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Logs the start of a bus: one line with its address, one warning for each setting that is probably a mistake, and one entry at debug
/// level with all settings. It never logs a secret.
/// </summary>
sealed partial class StartReport(QStashHostConfiguration host, bool isDevelopment, ILogger<StartReport> logger) : BusObserver
{
    public override Task PreStart(IBus bus)
    {
        var (settings, name) = (host.Settings, host.ShownName);
        var address = settings.Addresses.AreMissing ? "none, so it can only send (BaseAddress)" : host.HostAddress.ToString();
        var risks = StartRisks.Find(host, isDevelopment).ToArray();

        BusStarts(logger, name, address, settings.Account.ApiUrl, host.Endpoints.Names.Count());

        foreach (var risk in risks.Where(risk => risk.IsWarning))
            Risk(logger, name, risk.Text);

        if (logger.IsEnabled(LogLevel.Debug))
            ReportDetails(name, address, risks.Where(risk => !risk.IsWarning));

        return Task.CompletedTask;
    }

    void ReportDetails(string name, string address, IEnumerable<StartRisk> hints)
    {
        var settings = host.Settings;
        var retries = settings.DeliverySettings.Retries?.ToString(CultureInfo.InvariantCulture) ?? "QStash's 3";

        Details(logger, name, address,
            settings.Addresses.AreMissing ? "none" : settings.Addresses.InstanceEndpointBase.ToString(),
            $"{settings.Account.ApiUrl}, region {settings.Account.Region}",
            List(host.Endpoints.Names),
            settings.DeploysTopology ? List(host.UrlGroups) : "not joined at start (DeployTopology is off)",
            List(settings.Account.KeyNames),
            $"bodies of {settings.BodyLimit} bytes, {retries} retries",
            settings.GuardsAgainstReplays,
            string.Concat(hints.Select(hint => $"{Environment.NewLine}    {hint.Text}")) is { Length: > 0 } list ? list : "none");
    }

    static string List(IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } list ? list : "none";

    [LoggerMessage(1, LogLevel.Information, "QStash bus '{Bus}' starts: address {Address}, API {Api}, {Endpoints} receive endpoints")]
    static partial void BusStarts(ILogger logger, string bus, string address, Uri api, int endpoints);

    [LoggerMessage(2, LogLevel.Warning, "QStash bus '{Bus}': {Risk}")]
    static partial void Risk(ILogger logger, string bus, string risk);

    [LoggerMessage(3, LogLevel.Debug, "QStash bus '{Bus}'\n  address: {Address}\n  address of this process: {InstanceAddress}\n  API: "
        + "{Api}\n"
        + "  endpoints: {Endpoints}\n  URL groups: {UrlGroups}\n  keys: {Keys}\n  limits: {Limits}\n  replay guard on: {ReplayGuard}\n"
        + "  to think of: {Hints}")]
    static partial void Details(ILogger logger, string bus, string address, string instanceAddress, string api, string endpoints,
        string urlGroups, string keys, string limits, bool replayGuard, string hints);
}
