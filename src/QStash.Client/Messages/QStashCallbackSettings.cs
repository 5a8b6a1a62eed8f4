using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace QStash.Client;

/// <summary>
/// Where QStash reports about a message, and how it delivers the report. There is no delay, because QStash refuses delayed callbacks. In a
/// configuration it is a section or only the URL.
/// </summary>
[TypeConverter(typeof(QStashCallbackSettingsConverter))]
public sealed class QStashCallbackSettings
{
    /// <summary>Creates settings with QStash's defaults for everything except <see cref="Url"/>.</summary>
    public QStashCallbackSettings()
    {
    }

    /// <summary>Creates settings with QStash's defaults for everything except the URL.</summary>
    /// <param name="url">See <see cref="Url"/>.</param>
    [SetsRequiredMembers]
    public QStashCallbackSettings(Uri url) => Url = url;

    /// <inheritdoc cref="QStashCallbackSettings(Uri)"/>
    [SetsRequiredMembers]
    public QStashCallbackSettings(string url) => Url = new Uri(url, UriKind.RelativeOrAbsolute);

    /// <summary>The absolute http(s) URL that QStash calls.</summary>
    public required Uri Url { get; set; }

    /// <summary>HTTP method of the call: GET, POST, PUT, PATCH or DELETE. Default POST.</summary>
    public HttpMethod? Method { get; set; }

    /// <summary>Longest time one attempt may take. Sent as whole seconds, rounded up. Default: the maximum of the plan.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Retries after the first attempt. Default: the retries of the source message.</summary>
    public int? Retries { get; set; }

    /// <summary>The delay before each retry. Default: QStash's own.</summary>
    public QStashRetryDelay? RetryDelay { get; set; }

    /// <summary>Headers for the callback's receiver, printable ASCII.</summary>
    public IDictionary<string, string> ForwardHeaders { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Limits of the callback; it does not inherit those of the message.</summary>
    public QStashFlowControlSettings? FlowControl { get; set; }

    internal QStashCallbackSettings Copy() => new()
    {
        Url = Url,
        Method = Method,
        Timeout = Timeout,
        Retries = Retries,
        RetryDelay = RetryDelay,
        ForwardHeaders = new Dictionary<string, string>(ForwardHeaders, StringComparer.OrdinalIgnoreCase),
        FlowControl = FlowControl?.Copy(),
    };
}
