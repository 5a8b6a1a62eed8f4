namespace QStash.Client;

/// <summary>
/// How a callback or failure callback is delivered (contract 3.5). There is no delay: QStash rejects delayed callbacks
/// (sharp edge 44).
/// </summary>
public sealed class QStashCallbackOptions
{
    /// <summary>HTTP method of the call: GET, POST, PUT, PATCH or DELETE. Default POST.</summary>
    public HttpMethod? Method { get; set; }

    /// <summary>Longest time one attempt may take. Sent as whole seconds, rounded up. Default: the maximum of the plan.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Retries after the first attempt. Default: the retries of the source message (sharp edge 45).</summary>
    public int? Retries { get; set; }

    /// <summary>Expression for the milliseconds before the next attempt (contract 3.3).</summary>
    public string? RetryDelay { get; set; }

    /// <summary>Headers for the callback's receiver, printable ASCII.</summary>
    public IDictionary<string, string> ForwardHeaders { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Limits of the callback; it does not inherit those of the message.</summary>
    public QStashFlowControlSettings? FlowControl { get; set; }

    internal QStashCallbackOptions Copy() => new()
    {
        Method = Method,
        Timeout = Timeout,
        Retries = Retries,
        RetryDelay = RetryDelay,
        ForwardHeaders = new Dictionary<string, string>(ForwardHeaders, StringComparer.OrdinalIgnoreCase),
        FlowControl = FlowControl?.Copy(),
    };
}
