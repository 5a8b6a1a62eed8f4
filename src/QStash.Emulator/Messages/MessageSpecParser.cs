using System.Globalization;
using QStash.Emulator.Errors;
using QStash.Emulator.Grammar;

namespace QStash.Emulator.Messages;

// docs/qstash-contract.md#publish-headers
/// <summary>Makes a <see cref="MessageSpec"/> of the headers of a publish.</summary>
static class MessageSpecParser
{
    const string Prefix = "Upstash-";

    static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    static readonly (string Name, string Reason)[] NotForCallbacks =
    [
        ("Callback", "a callback has no callbacks of its own"),
        ("Failure-Callback", "a callback has no callbacks of its own"),
        ("Delay", "callbacks cannot be delayed"),
        ("Not-Before", "callbacks cannot be delayed"),
        ("Deduplication-Id", "each attempt has its own callback"),
        ("Content-Based-Deduplication", "each attempt has its own callback"),
    ];

    static readonly HeaderList JsonContent = new([KeyValuePair.Create("Content-Type", new[] { "application/json" })]);

    /// <summary>Applies headers on top of a spec: of the defaults for a publish, or of the failed message for a retry.</summary>
    /// <exception cref="ApiException">400 naming the header that cannot be used.</exception>
    public static MessageSpec Apply(MessageSpec spec, HeaderBag headers, string? bearerToken = null)
    {
        if (headers.Keys.FirstOrDefault(NotEmulated.IsWorkflowHeader) is { } workflow)
            throw NotEmulated.Exception(HeaderName.Canonical(workflow));

        spec = ApplyOptions(spec, headers, Prefix, out var urls);
        spec = spec with
        {
            Headers = ForwardedHeaders.Collect(spec.Headers, headers, Prefix, bearerToken),
            Callback = Callback(spec, spec.Callback, urls.Callback, headers, Prefix + "Callback"),
            FailureCallback = Callback(spec, spec.FailureCallback, urls.FailureCallback, headers, Prefix + "Failure-Callback"),
        };
        return spec;
    }

    static CallbackSpec? Callback(MessageSpec source, CallbackSpec? inherited, string? url, HeaderBag headers, string name)
    {
        if (inherited is null && !headers.ContainsPrefix(name))
            return null;

        var prefix = name + "-";
        // A callback may have a failure callback; a failure callback has none: docs/qstash-contract.md#g64
        var mayFail = name == Prefix + "Callback";
        var refused = NotForCallbacks.FirstOrDefault(
            option => headers.ContainsKey(prefix + option.Name) && !(mayFail && option.Name == "Failure-Callback"));

        if (refused is { Name: { } option, Reason: var reason })
            throw ApiException.BadRequest($"{prefix}{option} is not allowed: {reason}");

        var template = inherited?.Message ?? MessageSpec.Default with
        {
            Retries = source.Retries,
            CallerIp = source.CallerIp,
            Headers = JsonContent,
        };
        var message = ApplyOptions(template, headers, prefix, out var urls);
        var failureCallback = mayFail
            ? Callback(message, message.FailureCallback, urls.FailureCallback, headers, prefix + "Failure-Callback")
            : null;
        // Options without a callback URL have no effect, but are checked.
        if ((url ?? inherited?.Url) is not { } target)
            return null;

        var destination = DestinationUrl.Normalize(target)
            ?? throw ApiException.BadRequest($"invalid {name}: it must be a URL that starts with http:// or https://");
        return new CallbackSpec(destination, message with
        {
            Headers = ForwardedHeaders.Collect(message.Headers, headers, prefix, null),
            FailureCallback = failureCallback,
        });
    }

    static MessageSpec ApplyOptions(
        MessageSpec spec, HeaderBag headers, string prefix, out (string? Callback, string? FailureCallback) urls)
    {
        urls = default;
        string? flowControlKey = null;
        FlowControlLimits? flowControlLimits = null;
        foreach (var (name, values) in headers)
        {
            // Most headers are for the destination.
            if (!name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
                || name.AsSpan(prefix.Length).StartsWith(ForwardedHeaders.Infix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var field = HeaderName.Canonical(name);
            var value = values.Length > 0 ? values[0].Trim() : "";
            switch (name[prefix.Length..].ToUpperInvariant())
            {
                case "METHOD":
                    spec = spec with { Method = Method(field, value) };
                    break;
                case "RETRIES":
                    spec = spec with { Retries = NonNegative(field, value) };
                    break;
                case "RETRY-DELAY":
                    spec = spec with { RetryDelay = Parse(field, value, RetryDelayExpression.Parse) };
                    break;
                case "DELAY":
                    spec = spec with { Delay = (long)Duration(field, value).TotalMilliseconds };
                    break;
                case "NOT-BEFORE":
                    spec = spec with { NotBefore = UnixSeconds(field, value) * 1000 };
                    break;
                case "TIMEOUT":
                    spec = spec with { Timeout = Timeout(field, value) };
                    break;
                case "CALLBACK":
                    urls.Callback = value;
                    break;
                case "FAILURE-CALLBACK":
                    urls.FailureCallback = value;
                    break;
                case "DEDUPLICATION-ID":
                    spec = spec with { DeduplicationId = DeduplicationId(field, value) };
                    break;
                case "CONTENT-BASED-DEDUPLICATION":
                    spec = spec with { ContentBasedDeduplication = Flag(field, value) };
                    break;
                case "LABEL":
                    spec = spec with { Labels = Labels(values) };
                    break;
                case "HEADER-FORWARD":
                    // The flag was applied when the headers were collected; here it is only checked.
                    Flag(field, value);
                    break;
                case "CRON":
                    // Calls that can create a schedule have taken the header out before.
                    throw ApiException.BadRequest($"{field} is not allowed here: schedules are created with POST /v2/schedules");
                case "REDACT-FIELDS":
                    spec = spec with { Redaction = Parse(field, string.Join(',', values), Redaction.Parse) };
                    break;
                case "FLOW-CONTROL-KEY":
                    flowControlKey = value.Length > 0 ? value : throw ApiException.BadRequest($"invalid {field}: it must not be empty");
                    break;
                case "FLOW-CONTROL-VALUE":
                    flowControlLimits = Parse(field, string.Join(',', values), FlowControlLimits.Parse);
                    break;
            }
        }

        return flowControlKey is null && flowControlLimits is null
            ? spec
            : spec with
            {
                FlowControl = FlowControl(
                    prefix, flowControlKey ?? spec.FlowControl?.Key, flowControlLimits ?? spec.FlowControl?.Limits),
            };
    }

    static FlowControlSpec FlowControl(string prefix, string? key, FlowControlLimits? limits) => new(
        key ?? throw ApiException.BadRequest($"invalid {prefix}Flow-Control-Key: {prefix}Flow-Control-Value needs it"),
        limits ?? throw ApiException.BadRequest(
            $"invalid {prefix}Flow-Control-Value: {prefix}Flow-Control-Key needs it, "
            + "for example parallelism=5 or rate=10, period=1m"));

    static string Method(string field, string value) => Methods.Contains(value.ToUpperInvariant())
        ? value.ToUpperInvariant()
        : throw ApiException.BadRequest($"invalid {field}: it must be one of {string.Join(", ", Methods)}");

    static int NonNegative(string field, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiException.BadRequest($"invalid {field}: it must be a whole number that is not negative");

    static long UnixSeconds(string field, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? seconds
            : throw ApiException.BadRequest($"invalid {field}: it must be a unix timestamp in seconds");

    static TimeSpan Duration(string field, string value) => PublishDuration.TryParse(value, out var duration)
        ? duration
        : throw ApiException.BadRequest($"invalid {field}: it must be a duration such as 10s, 5m, 2h or 1d10h30m");

    static TimeSpan Timeout(string field, string value)
    {
        var timeout = Duration(field, value);
        return timeout > TimeSpan.Zero ? timeout : throw ApiException.BadRequest($"invalid {field}: it must be longer than zero");
    }

    static T Parse<T>(string field, string value, Func<string, T> parse)
    {
        try
        {
            return parse(value);
        }
        catch (FormatException exception)
        {
            throw ApiException.BadRequest($"invalid {field}: {exception.Message}");
        }
    }

    static string DeduplicationId(string field, string value)
    {
        if (value.Contains(':', StringComparison.Ordinal))
            throw ApiException.BadRequest("DeduplicationId cannot contain ':'");

        return value.Length > 0 ? value : throw ApiException.BadRequest($"invalid {field}: it must not be empty");
    }

    static bool Flag(string field, string value) => bool.TryParse(value, out var flag)
        ? flag
        : throw ApiException.BadRequest($"invalid {field}: it must be true or false");

    static string[] Labels(string[] values) =>
        string.Join(',', values).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
