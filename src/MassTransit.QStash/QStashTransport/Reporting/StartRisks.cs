using MassTransit.QStashTransport.Callbacks;
using MassTransit.QStashTransport.Configuration;

namespace MassTransit.QStashTransport.Reporting;

/// <summary>
/// Finds the risks that show before a bus starts.
/// </summary>
static class StartRisks
{
    // What pay-as-you-go allows (contract section 8).
    const int MostUrlGroups = 100;

    public static IEnumerable<StartRisk> Find(QStashHostConfiguration host)
    {
        var settings = host.Settings;

        if (settings.Account.IsEmulator)
        {
            yield return new("AP1 S1", $"UseEmulator() is on: the emulator's signing keys are public, so whoever reaches {(settings.Addresses.AreMissing ? "it" : host.HostAddress)} can send messages. Say it in development only", IsSerious: true);

            if (host.HostAddress.Scheme == "http")
                yield return new("S5 V6", "the address is plain http, which QStash itself must not use", IsSerious: true);
        }

        if (settings.Addresses.PathPrefix.Length == 0)
            yield return new("S1", "PathPrefix is empty: each POST to a path of one segment that no other route takes is checked for a signature, and answered with 404 or 401");

        if (settings.GuardsAgainstReplays && host.ReplayGuard is { IsShared: false })
            yield return new("S1", "UseReplayGuard() remembers tokens in this process alone: with several replicas, register a cache that they share");

        if (settings.Addresses is { AreMissing: false, LeadToThisProcess: false, LeadToOthers: false })
            yield return new("replicas", "InstanceBaseAddress is not set: with several replicas, the response to a request may reach the wrong one");

        if (settings.DeliverySettings.Retries is null)
            yield return new("AP5 S6 V12", "retries are left at QStash's default, 3 within 33 minutes, for messages whose type or send does not say otherwise: h.Delivery(d => d.Retries = …)");

        if (settings.DeliverySettings.FailureCallback is null)
            yield return new("S8", "a message that QStash gives up is only in its dead letter queue, unless its type or send has a failure callback: h.Delivery(d => d.FailureCallback = new(\"queue:…\"))");

        foreach (var (setting, address) in new[] { ("Callback", settings.DeliverySettings.Callback?.Url), ("FailureCallback", settings.DeliverySettings.FailureCallback?.Url) })
        {
            if (CallbackRequest.FindUnknownEndpoint(host, address) is { } name)
                yield return new("S8", $"{setting} is '{address}', and {CallbackRequest.AdviseOn(name)}");
        }

        foreach (var schedule in host.DeclaredSchedules.Declarations.Where(schedule => !schedule.HasTimeZone))
            yield return new("S9", $"schedule {schedule.Id} has no time zone, so its times are UTC all year round: s.Cron<T>(id, expression, \"Europe/Berlin\"), or \"UTC\" if that is meant");

        if (settings.BodyLimit > QStashHostSettings.DefaultMaxBodySize)
            yield return new("AP4 S7 V13", $"MaxBodySize is {settings.BodyLimit} bytes: pay-as-you-go takes 10 MB, the fixed plans 50 MB, Free 1 MB");

        if (host.UrlGroups.Count > MostUrlGroups)
            yield return new("S10", $"the endpoints join {host.UrlGroups.Count} URL groups, and pay-as-you-go allows {MostUrlGroups}");
    }
}
