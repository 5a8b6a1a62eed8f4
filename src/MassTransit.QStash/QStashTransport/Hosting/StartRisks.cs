namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Finds the risks that are visible before a bus starts.
/// </summary>
static class StartRisks
{
    // The limit of pay-as-you-go.
    const int MostUrlGroups = 100;

    /// <param name="host">The bus.</param>
    /// <param name="isDevelopment">Whether the application runs in the environment Development.</param>
    public static IEnumerable<StartRisk> Find(QStashHostConfiguration host, bool isDevelopment)
    {
        var settings = host.Settings;

        if (settings.Account.IsEmulator)
        {
            yield return new("UseEmulator() is on: the emulator's signing keys are public, so anybody who reaches "
                + $"{(settings.Addresses.AreMissing ? "it" : host.HostAddress)} can send messages. Call it in development only",
                IsWarning: !isDevelopment);

            if (host.HostAddress.Scheme == "http")
                yield return new("the address is plain http, which QStash itself must not use", IsWarning: !isDevelopment);
        }

        if (settings.Addresses.PathPrefix.Length == 0)
        {
            yield return new("PathPrefix is empty: each POST to a path of one segment that no other route takes is checked for a "
                + "signature, and answered with 404 or 401");
        }

        if (settings.GuardsAgainstReplays && host.Services.Incoming.ReplayGuard is { IsShared: false })
        {
            yield return new("UseReplayGuard() remembers tokens only in this process: with several replicas, register a cache that "
                + "they share");
        }

        if (settings.Addresses is { AreMissing: false, LeadToThisProcess: false, LeadToOthers: false })
        {
            yield return new("InstanceBaseAddress is not set: with several replicas, the response to a request may reach the wrong one",
                IsWarning: false);
        }

        if (settings.DeliverySettings.Retries is null)
        {
            yield return new("messages whose type or send sets no retries have QStash's default, 3 within 33 minutes: "
                + "h.Delivery(d => d.Retries = …)", IsWarning: false);
        }

        if (settings.DeliverySettings.FailureCallback is null)
        {
            yield return new("a message that QStash gives up is only in its dead letter queue, unless its type or send has a failure "
                + "callback: h.Delivery(d => d.FailureCallback = new(\"queue:…\"))", IsWarning: false);
        }

        (string Setting, Uri? Address)[] callbacks =
        [
            ("Callback", settings.DeliverySettings.Callback?.Url), ("FailureCallback", settings.DeliverySettings.FailureCallback?.Url),
        ];
        foreach (var (setting, address) in callbacks)
        {
            if (host.KnownAddresses.FindUnknownName(address) is { } name)
            {
                yield return new($"{setting} is '{address}', and neither an endpoint of this bus nor a route has this name, so it is "
                    + "looked up in the URL groups, and each send fails until it is found. Correct it, or set its address with "
                    + $"h.Route(\"{name}\", address)");
            }
        }

        foreach (var schedule in host.DeclaredSchedules.Declarations.Where(schedule => !schedule.HasTimeZone))
        {
            yield return new($"schedule {schedule.Id} has no time zone, so its times are UTC all year round: "
                + "s.Cron<T>(id, expression, \"Europe/Berlin\"), or \"UTC\" if you mean UTC");
        }

        if (settings.BodyLimit > QStashHostSettings.DefaultMaxBodySize)
        {
            yield return new($"MaxBodySize is {settings.BodyLimit} bytes: pay-as-you-go takes 10 MB, the fixed plans 50 MB, Free 1 MB");
        }

        if (host.UrlGroups.Count > MostUrlGroups)
            yield return new($"the endpoints join {host.UrlGroups.Count} URL groups, and pay-as-you-go allows {MostUrlGroups}");
    }
}
