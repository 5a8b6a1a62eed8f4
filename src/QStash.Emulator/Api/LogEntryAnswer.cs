using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

/// <summary>A line of the log as the API shows it. Bodies are Base64, times unix milliseconds.</summary>
sealed record LogEntryAnswer
{
    LogEntryAnswer(LogEntry entry)
    {
        var (spec, target) = (entry.Message.Spec.Redacted, entry.Message.Target);
        Time = entry.Time;
        State = MessageStateNames.Of(entry.State);
        MessageId = entry.Message.Id;
        Url = target.Url;
        TopicName = target.TopicName;
        EndpointName = target.EndpointName;
        QueueName = entry.Message.Queue?.Name;
        ScheduleId = spec.ScheduleId;
        Method = spec.Method;
        Header = spec.Headers.Count > 0 ? spec.Headers : null;
        Body = spec.Body.Length > 0 ? spec.Body : null;
        MaxRetries = spec.Retries;
        RetryDelayExpression = RetryDelayExpr = spec.RetryDelay?.Text;
        Timeout = spec.Timeout is { } timeout ? (long)timeout.TotalMilliseconds : null;
        Callback = spec.Callback?.Url;
        CallbackHeaders = spec.Callback?.Message.Redacted.Headers;
        FailureCallback = spec.FailureCallback?.Url;
        FailureCallbackHeaders = spec.FailureCallback?.Message.Redacted.Headers;
        FlowControlKey = spec.FlowControl?.Key;
        Parallelism = spec.FlowControl?.Limits.Parallelism;
        Rate = spec.FlowControl?.Limits.Rate;
        Period = spec.FlowControl?.Limits.Period / 1000;
        Label = spec.Labels.FirstOrDefault();
        Labels = spec.Labels.Length > 0 ? spec.Labels : null;
        NextDeliveryTime = entry.NextDelivery;
        // The log of the API has the answers of failures only.
        var answer = entry.State == MessageState.Error ? entry.Result : null;
        Error = answer?.Error;
        ResponseStatus = answer?.Status;
        ResponseBody = answer?.Body;
        ResponseHeaders = ResponseHeader = answer?.Headers;
    }

    public long Time { get; }

    public string State { get; }

    public string MessageId { get; }

    public string Url { get; }

    public string? TopicName { get; }

    public string? EndpointName { get; }

    public string? QueueName { get; }

    public string? ScheduleId { get; }

    public string Method { get; }

    public IReadOnlyDictionary<string, string[]>? Header { get; init; }

    public byte[]? Body { get; init; }

    public int MaxRetries { get; }

    public string? RetryDelayExpression { get; }

    /// <summary>The name the Python SDK reads.</summary>
    public string? RetryDelayExpr { get; }

    /// <summary>Milliseconds.</summary>
    public long? Timeout { get; }

    public string? Callback { get; }

    public IReadOnlyDictionary<string, string[]>? CallbackHeaders { get; }

    public string? FailureCallback { get; }

    public IReadOnlyDictionary<string, string[]>? FailureCallbackHeaders { get; }

    public string? FlowControlKey { get; }

    public int? Parallelism { get; }

    public int? Rate { get; }

    /// <summary>Seconds.</summary>
    public long? Period { get; }

    public string? Label { get; }

    public string[]? Labels { get; }

    public long? NextDeliveryTime { get; }

    public string? Error { get; }

    public int? ResponseStatus { get; }

    public byte[]? ResponseBody { get; init; }

    public IReadOnlyDictionary<string, string[]>? ResponseHeaders { get; }

    /// <summary>The name the Python SDK reads.</summary>
    public IReadOnlyDictionary<string, string[]>? ResponseHeader { get; init; }

    public static LogEntryAnswer Of(LogEntry entry) => new(entry);
}
