using System.Globalization;
using Microsoft.AspNetCore.Http;
using QStash.Client;

namespace MassTransit.QStashTransport;

/// <summary>
/// What the sender settled about a delivery and the receiver has to know. QStash does not tell it (contract 4.2), so it travels in
/// headers of ours.
/// </summary>
static class DeliveryTerms
{
    // Those of a message that does not say (contract 3.4).
    const int DefaultRetries = 3;

    const string Retries = "MassTransit-Retries";
    const string Timeout = "MassTransit-Timeout";

    public static void Add(QStashDeliverySettings settings)
    {
        if (settings.Retries is { } retries)
            settings.ForwardHeaders[Retries] = retries.ToString(CultureInfo.InvariantCulture);

        if (settings.Timeout is { } timeout)
            settings.ForwardHeaders[Timeout] = Math.Ceiling(timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }

    public static int ReadMaxRetries(IHeaderDictionary headers) => ReadNumber(headers, Retries) ?? DefaultRetries;

    public static TimeSpan? ReadTimeout(IHeaderDictionary headers) =>
        ReadNumber(headers, Timeout) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null;

    static int? ReadNumber(IHeaderDictionary headers, string name) =>
        int.TryParse(headers[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
