namespace QStash.Client;

/// <summary>
/// How QStash delivers: the settings that many messages may share. <see cref="QStashMessageSettings"/> adds those of a single message. A
/// member left <see langword="null"/> or empty is not sent, so the default of QStash applies.
/// </summary>
public class QStashDeliverySettings
{
    // Created on first use, because most messages leave them empty.
    IDictionary<string, string>? _forwardHeaders;
    IList<string>? _labels;
    IList<string>? _redactFields;

    /// <summary>Creates settings with QStash's defaults.</summary>
    public QStashDeliverySettings()
    {
    }

    /// <summary>Copies settings. Changes to the copy do not affect the source, and the other way round.</summary>
    public QStashDeliverySettings(QStashDeliverySettings source)
    {
        ArgumentNullException.ThrowIfNull(source);

        Retries = source.Retries;
        RetryDelay = source.RetryDelay;
        Timeout = source.Timeout;
        Callback = source.Callback?.Copy();
        FailureCallback = source.FailureCallback?.Copy();
        FlowControl = source.FlowControl?.Copy();
        _forwardHeaders = source._forwardHeaders is { Count: > 0 } headers
            ? new Dictionary<string, string>(headers, StringComparer.OrdinalIgnoreCase)
            : null;
        _labels = source._labels is { Count: > 0 } labels ? [.. labels] : null;
        _redactFields = source._redactFields is { Count: > 0 } fields ? [.. fields] : null;
    }

    /// <summary>
    /// Retries after the first attempt, 0 or more; attempts are 1 + retries. Default 3; the plan sets the maximum.
    /// Any answer outside 2xx counts as a failure.
    /// </summary>
    public int? Retries { get; set; }

    /// <summary>The wait before each retry. Default: about 12 s, 2.5 min, 30 min, 6 h, 24 h.</summary>
    public QStashRetryDelay? RetryDelay { get; set; }

    /// <summary>
    /// Longest time the destination may take to answer one attempt. Sent as whole seconds, rounded up. It can only
    /// shorten the maximum of the plan.
    /// </summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Where QStash reports the outcome of <em>every</em> attempt, successful or not.</summary>
    public QStashCallbackSettings? Callback { get; set; }

    /// <summary>Where QStash reports, once, that the last attempt failed.</summary>
    public QStashCallbackSettings? FailureCallback { get; set; }

    /// <summary>
    /// Headers for the destination; sent as <c>Upstash-Forward-&lt;Name&gt;</c>, delivered as <c>&lt;Name&gt;</c>.
    /// Values are printable ASCII. <c>Content-Type</c> does not belong here.
    /// </summary>
    public IDictionary<string, string> ForwardHeaders
    {
        get => _forwardHeaders ??= new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        init => _forwardHeaders = value;
    }

    /// <summary>Rate and parallelism limits shared by all messages with the same key.</summary>
    public QStashFlowControlSettings? FlowControl { get; set; }

    /// <summary>Labels to find the message by, printable ASCII without commas.</summary>
    public IList<string> Labels
    {
        get => _labels ??= [];
        init => _labels = value;
    }

    /// <summary>
    /// The parts that the API, logs and dead letters show only as a hash: <c>body</c>, <c>header</c> for all headers, or
    /// <c>header[Name]</c> for one. The delivery is not affected.
    /// </summary>
    public IList<string> RedactFields
    {
        get => _redactFields ??= [];
        init => _redactFields = value;
    }

    /// <summary>Makes the same checks as every call that takes the settings, to find mistakes before anything is sent.</summary>
    /// <exception cref="ArgumentException">A setting breaks a rule; the text names it and the fix.</exception>
    public void Validate() => PublishHeaders.Of(this, "settings");
}
