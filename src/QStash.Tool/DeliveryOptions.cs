using System.CommandLine;
using System.Globalization;
using QStash.Client;
using QStash.CommandLine;

namespace QStash.Tool;

/// <summary>The options of a message, for a publish and for a schedule.</summary>
sealed class DeliveryOptions
{
    readonly Option<string> _body = new("--body") { HelpName = "text", Description = "the body" };
    readonly Option<string> _bodyFile = new("--body-file")
    {
        HelpName = "path",
        Description = "a file with the body; - is the standard input"
    };
    readonly Option<string> _contentType = new("--content-type")
    {
        HelpName = "type",
        Description = "the type of the body; application/json by default if the body is JSON"
    };
    readonly Option<string[]> _header = new("--header")
    {
        HelpName = "name: value",
        Description = "a header the destination gets; can be repeated"
    };
    readonly Option<string> _method = new("--method") { HelpName = "verb", Description = "POST by default" };
    readonly Option<string> _queue = new("--queue") { HelpName = "name", Description = "the queue to go through" };
    readonly Option<string[]> _label = new("--label") { HelpName = "label", Description = "a label; can be repeated" };
    readonly Option<string> _retryDelay = new("--retry-delay")
    {
        HelpName = "expression",
        Description = "milliseconds between attempts, such as 'pow(2, retried) * 1000'"
    };
    readonly Option<Uri> _callback = new("--callback") { HelpName = "url", Description = "where to report each attempt" };
    readonly Option<Uri> _failureCallback = new("--failure-callback")
    {
        HelpName = "url",
        Description = "where to report that it failed for good"
    };
    readonly Option<string> _flow = new("--flow-key")
    {
        HelpName = "key",
        Description = "flow control key; with --parallelism, --rate and --period"
    };
    readonly Option<string[]> _redact = new("--redact")
    {
        HelpName = "field",
        Description = "what QStash does not show: body, header, or header[Name]; can be repeated"
    };

    readonly Option<TimeSpan?> _delay = Duration("--delay", "how much later to deliver it, for example 90s or 1h30m");
    readonly Option<TimeSpan?> _timeout = Duration("--timeout", "the longest an attempt may take");
    readonly Option<TimeSpan?> _period = Duration("--period", "the period of --rate; one second by default");
    readonly Option<int?> _retries = Number("--retries", "how many retries at most");
    readonly Option<int?> _rate = Number("--rate", "attempts of the flow control key in a period");
    readonly Option<int?> _parallelism = Number("--parallelism", "attempts of the flow control key at a time");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])
        [
            _body, _bodyFile, _contentType, _header, _method, _delay, _retries, _retryDelay, _timeout, _queue, _label, _callback,
                _failureCallback, _flow, _rate, _period,
            _parallelism, _redact,
        ])
        {
            command.Add(option);
        }
    }

    public static Option<TimeSpan?> Duration(string name, string description) =>
        CheckedOption.Create<TimeSpan?>(name, "duration", description, Durations.Takes, Durations.Parse);

    public static Option<int?> Number(string name, string description) => CheckedOption.Create<int?>(
        name, "number", description, "a whole number from 0", static text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null);

    public string? Queue(ParseResult call) => call.GetValue(_queue);

    public string? ContentType(ParseResult call, ReadOnlyMemory<byte> body) => call.GetValue(_contentType)
        ?? (body.Span.TrimStart(" \r\n\t"u8) is [(byte)'{' or (byte)'[', ..] ? "application/json" : null);

    /// <exception cref="ArgumentException">Two bodies are given, or the file cannot be read.</exception>
    public async Task<ReadOnlyMemory<byte>> BodyAsync(ParseResult call, CancellationToken cancellation)
    {
        var (text, file) = (call.GetValue(_body), call.GetValue(_bodyFile));
        if (text is not null && file is not null)
            throw new ArgumentException("Give --body or --body-file, not both.");

        if (file is null)
            return System.Text.Encoding.UTF8.GetBytes(text ?? "");

        try
        {
            if (file != "-")
                return await File.ReadAllBytesAsync(file, cancellation);

            using var input = new MemoryStream();
            await Console.OpenStandardInput().CopyToAsync(input, cancellation);
            return input.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"--body-file cannot be read: {exception.Message}", exception);
        }
    }

    /// <exception cref="ArgumentException">A header has no colon, or a limit no key.</exception>
    public QStashMessageSettings Read(ParseResult call)
    {
        var settings = new QStashMessageSettings
        {
            Method = call.GetValue(_method) is { } method ? HttpMethod.Parse(method) : null,
            Delay = call.GetValue(_delay),
            Retries = call.GetValue(_retries),
            RetryDelay = call.GetValue(_retryDelay) is { } delay ? QStashRetryDelay.Expression(delay) : null,
            Timeout = call.GetValue(_timeout),
            Callback = call.GetValue(_callback) is { } callback ? new QStashCallbackSettings(callback) : null,
            FailureCallback = call.GetValue(_failureCallback) is { } failure ? new QStashCallbackSettings(failure) : null,
            FlowControl = FlowControl(call),
        };
        foreach (var header in call.GetValue(_header) ?? [])
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1)
                throw new ArgumentException($"--header takes 'name: value', not '{header}'.");

            settings.ForwardHeaders[header[..colon].Trim()] = header[(colon + 1)..].Trim();
        }

        foreach (var label in call.GetValue(_label) ?? [])
            settings.Labels.Add(label);

        foreach (var field in call.GetValue(_redact) ?? [])
            settings.RedactFields.Add(field);

        return settings;
    }

    QStashFlowControlSettings? FlowControl(ParseResult call)
    {
        var (rate, period, parallelism) = (call.GetValue(_rate), call.GetValue(_period), call.GetValue(_parallelism));
        if (call.GetValue(_flow) is { } key)
            return new QStashFlowControlSettings { Key = key, Rate = rate, Period = period, Parallelism = parallelism };

        return rate is null && period is null && parallelism is null ? null
            : throw new ArgumentException("--rate, --period and --parallelism are limits of a key: give --flow-key too.");
    }
}
