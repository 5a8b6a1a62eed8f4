using System.Globalization;

namespace QStash.Client;

// Builds the headers of a publish, a batch item, a schedule or a dead letter retry, and checks every value on the way.
sealed class PublishHeaders(string parameter) : List<KeyValuePair<string, string>>
{
    // No plan is known to allow more.
    const int MostRetries = 999;

    static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);
    static readonly HttpMethod[] Methods = [HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete];

    public static PublishHeaders Of(QStashMessage message, string parameter)
    {
        var headers = new PublishHeaders(parameter);
        headers.AddSettings(message);

        if (message.NotBefore is { } notBefore)
        {
            if (message.Delay is not null)
                throw new ArgumentException("Delay and NotBefore are both set. Keep one of them.", parameter);

            var seconds = Grammar.WholeSeconds(notBefore - DateTimeOffset.UnixEpoch);
            if (seconds < 0)
                throw new ArgumentException("NotBefore is before 1970. Set the time of the delivery.", parameter);

            headers.Add("Upstash-Not-Before", seconds.ToString(CultureInfo.InvariantCulture));
        }

        if (message.DeduplicationId is { } id)
        {
            if (message.ContentBasedDeduplication)
                throw new ArgumentException("DeduplicationId and ContentBasedDeduplication are both set. Keep one of them.", parameter);

            headers.Add("Upstash-Deduplication-Id", Grammar.DeduplicationId(id, parameter));
        }

        if (message.ContentBasedDeduplication)
            headers.Add("Upstash-Content-Based-Deduplication", "true");

        return headers;
    }

    public static PublishHeaders Of(QStashDeliverySettings settings, string parameter)
    {
        var headers = new PublishHeaders(parameter);
        headers.AddSettings(settings);
        return headers;
    }

    public void Add(string name, string value) => Add(new(name, Grammar.HeaderValue(value, name, parameter)));

    void AddSettings(QStashDeliverySettings settings)
    {
        var message = settings as QStashMessageSettings;

        if (message?.Delay is { } delay)
            Add("Upstash-Delay", Grammar.Seconds(delay, true, "Delay", parameter));

        AddAttempts("Upstash-", "", message?.Method, settings.Retries, settings.RetryDelay, settings.Timeout);
        AddForwarded("Upstash-Forward-", "ForwardHeaders", settings.ForwardHeaders);
        AddFlowControl("Upstash-", settings.FlowControl);
        AddCallback("Upstash-Callback", "Callback", settings.Callback);
        AddCallback("Upstash-Failure-Callback", "FailureCallback", settings.FailureCallback);

        if (settings.Labels.Count > 0)
            Add("Upstash-Label", string.Join(',', settings.Labels.Distinct().Select(label => Grammar.Label(label, "Labels", parameter))));
        if (settings.RedactFields.Count > 0)
            Add("Upstash-Redact-Fields", string.Join(',', settings.RedactFields.Distinct().Select(Redacted)));
    }

    void AddAttempts(string prefix, string what, HttpMethod? method, int? retries, QStashRetryDelay? retryDelay, TimeSpan? timeout)
    {
        if (method is not null)
        {
            if (!Methods.Contains(method))
                throw new ArgumentException($"{what}Method {method} is not one of GET, POST, PUT, PATCH and DELETE.", parameter);

            Add(prefix + "Method", method.Method);
        }

        if (retries is { } count)
            Add(prefix + "Retries",
                Grammar.Count(count, 0, MostRetries, what + "Retries", parameter).ToString(CultureInfo.InvariantCulture));
        if (timeout is { } limit)
        {
            if (limit > LongestTimeout)
                throw new ArgumentException(
                    $"{what}Timeout is {limit}; it must be at most one day, "
                    + "and can only shorten what the plan allows (15 minutes to 12 hours).", parameter);

            Add(prefix + "Timeout", Grammar.Seconds(limit, false, what + "Timeout", parameter));
        }

        if (retryDelay is not null)
            Add(prefix + "Retry-Delay", retryDelay.ToString());
    }

    void AddForwarded(string prefix, string what, IDictionary<string, string> forwarded)
    {
        foreach (var (name, value) in forwarded)
        {
            Grammar.HeaderName(name, what, parameter);

            // It is unknown which of the two would win.
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
                throw new ArgumentException($"{what} contains Content-Type. Use the ContentType property.", parameter);

            Add(new(prefix + name, Grammar.IsHeaderValue(value) ? value : Grammar.HeaderValue(value, $"{what}[{name}]", parameter)));
        }
    }

    void AddFlowControl(string prefix, QStashFlowControlSettings? flow)
    {
        if (flow is null)
            return;

        var value = FlowControlValue.Of(flow, parameter);
        Add(prefix + "Flow-Control-Key", flow.Key);
        Add(prefix + "Flow-Control-Value",
            string.Join(", ", value.Select(part => $"{part.Key}={part.Value}{(part.Key == "period" ? "s" : "")}")));
    }

    void AddCallback(string name, string what, QStashCallbackSettings? callback)
    {
        if (callback is null)
            return;

        // A configuration can leave the URL out.
        if (callback.Url is null)
            throw new ArgumentException($"{what} has no Url. Set the URL that QStash is to call.", parameter);

        Add(name, Grammar.HttpUrl(callback.Url, what + ".Url", parameter));
        AddAttempts(name + "-", what + ".", callback.Method, callback.Retries, callback.RetryDelay, callback.Timeout);
        AddForwarded(name + "-Forward-", what + ".ForwardHeaders", callback.ForwardHeaders);
        AddFlowControl(name + "-", callback.FlowControl);
    }

    string Redacted(string field) =>
        field is "body" or "header"
        || (field is not null && field.StartsWith("header[", StringComparison.Ordinal) && field.EndsWith(']') && !field.Contains(','))
            ? field
            : throw new ArgumentException("RedactFields must be 'body', 'header' or 'header[Name]'.", parameter);
}
