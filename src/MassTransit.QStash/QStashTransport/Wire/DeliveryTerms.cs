using System.Globalization;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// Delivery settings of the sender that the receiver has to know. QStash does not pass them on, so they travel in our own headers.
/// </summary>
static class DeliveryTerms
{
    // QStash's default for messages without a number of retries.
    const int DefaultRetries = 3;

    // No plan allows more, and a timer allows not much more.
    const int LongestTimeout = 24 * 60 * 60;

    public const string Retries = "MassTransit-Retries";
    public const string Timeout = "MassTransit-Timeout";

    /// <param name="headers">The headers that go to the receiver.</param>
    /// <param name="retries">Retries after the first attempt; null when the sender leaves them to QStash.</param>
    /// <param name="timeout">The longest time of an attempt; null for the limit of the plan.</param>
    public static void Add(IDictionary<string, string> headers, int? retries, TimeSpan? timeout)
    {
        if (retries is { } count)
            headers[Retries] = count.ToString(CultureInfo.InvariantCulture);

        if (timeout is { } limit)
            headers[Timeout] = Math.Ceiling(limit.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }

    public static int ReadMaxRetries(string? header) => ReadNumber(header) ?? DefaultRetries;

    public static TimeSpan? ReadTimeout(string? header) =>
        ReadNumber(header) is > 0 and <= LongestTimeout and var seconds ? TimeSpan.FromSeconds(seconds) : null;

    static int? ReadNumber(string? header) =>
        int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
