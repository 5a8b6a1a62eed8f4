using System.Text.Unicode;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

/// <summary>A message as the API shows it.</summary>
record MessageAnswer
{
    protected MessageAnswer(Message message)
    {
        var spec = message.Spec.Redacted;
        var isText = Utf8.IsValid(spec.Body);
        MessageId = message.Id;
        Url = message.Target.Url;
        TopicName = message.Target.TopicName;
        EndpointName = message.Target.EndpointName;
        Method = spec.Method;
        Header = spec.Headers.Count > 0 ? spec.Headers : null;
        CallbackHeader = spec.Callback?.Message.Redacted.Headers;
        FailureCallbackHeader = spec.FailureCallback?.Message.Redacted.Headers;
        Body = isText && spec.Body.Length > 0 ? System.Text.Encoding.UTF8.GetString(spec.Body) : null;
        BodyBase64 = isText ? null : spec.Body;
        MaxRetries = spec.Retries;
        RetryDelayExpression = spec.RetryDelay?.Text;
        NotBefore = message.NotBefore;
        CreatedAt = message.CreatedAt;
        Callback = spec.Callback?.Url;
        FailureCallback = spec.FailureCallback?.Url;
        QueueName = message.Queue?.Name;
        ScheduleId = spec.ScheduleId;
        FlowControlKey = spec.FlowControl?.Key;
        Parallelism = spec.FlowControl?.Limits.Parallelism;
        Rate = spec.FlowControl?.Limits.Rate;
        Period = spec.FlowControl?.Limits.Period / 1000;
        CallerIP = spec.CallerIp;
        Label = spec.Labels.FirstOrDefault();
        Labels = spec.Labels.Length > 0 ? spec.Labels : null;
    }

    public string MessageId { get; }

    public string Url { get; }

    public string? TopicName { get; }

    public string? EndpointName { get; }

    public string Method { get; }

    public IReadOnlyDictionary<string, string[]>? Header { get; init; }

    public IReadOnlyDictionary<string, string[]>? CallbackHeader { get; }

    public IReadOnlyDictionary<string, string[]>? FailureCallbackHeader { get; }

    public string? Body { get; init; }

    /// <summary>Instead of <see cref="Body"/> when that would not be valid UTF-8.</summary>
    public byte[]? BodyBase64 { get; init; }

    public int MaxRetries { get; }

    public string? RetryDelayExpression { get; }

    /// <summary>Unix milliseconds, like <see cref="CreatedAt"/>.</summary>
    public long NotBefore { get; }

    public long CreatedAt { get; }

    public string? Callback { get; }

    public string? FailureCallback { get; }

    public string? QueueName { get; }

    public string? ScheduleId { get; }

    public string? FlowControlKey { get; }

    public int? Parallelism { get; }

    public int? Rate { get; }

    /// <summary>Seconds.</summary>
    public long? Period { get; }

    public string CallerIP { get; }

    /// <summary>The first of <see cref="Labels"/>, for older clients.</summary>
    public string? Label { get; }

    public string[]? Labels { get; }

    public static MessageAnswer Of(Message message) => new(message);
}
