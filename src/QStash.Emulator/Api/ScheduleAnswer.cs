using System.Text.Unicode;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

/// <summary>A schedule as the API shows it. Times are unix milliseconds.</summary>
sealed record ScheduleAnswer
{
    ScheduleAnswer(Schedule schedule)
    {
        var spec = schedule.Spec.Redacted;
        var isText = Utf8.IsValid(spec.Body);
        ScheduleId = schedule.Id;
        Cron = schedule.Cron.Text;
        CreatedAt = schedule.CreatedAt;
        Destination = schedule.Destination;
        Method = spec.Method;
        IsPaused = schedule.Paused;
        Header = spec.Headers.Count > 0 ? spec.Headers : null;
        Body = isText && spec.Body.Length > 0 ? System.Text.Encoding.UTF8.GetString(spec.Body) : null;
        BodyBase64 = isText ? null : spec.Body;
        Retries = spec.Retries;
        RetryDelayExpression = spec.RetryDelay?.Text;
        Delay = spec.Delay > 0 ? spec.Delay / 1000 : null;
        Timeout = spec.Timeout is { } timeout ? (long)timeout.TotalSeconds : null;
        Callback = spec.Callback?.Url;
        CallbackHeader = spec.Callback?.Message.Redacted.Headers;
        FailureCallback = spec.FailureCallback?.Url;
        FailureCallbackHeader = spec.FailureCallback?.Message.Redacted.Headers;
        CallerIp = CallerIP = spec.CallerIp;
        QueueName = schedule.QueueName;
        FlowControlKey = spec.FlowControl?.Key;
        Parallelism = spec.FlowControl?.Limits.Parallelism;
        Rate = spec.FlowControl?.Limits.Rate;
        Period = spec.FlowControl?.Limits.Period / 1000;
        Label = spec.Labels.FirstOrDefault();
        Labels = spec.Labels.Length > 0 ? spec.Labels : null;
        LastScheduleTime = schedule.Last;
        NextScheduleTime = schedule.Next;
        LastScheduleStates = schedule.LastOutcomes.Count > 0
            ? schedule.LastOutcomes.ToDictionary(last => last.Key, last => State(last.Value))
            : null;
        Error = schedule.Error;
    }

    public string ScheduleId { get; }

    public string Cron { get; }

    public long CreatedAt { get; }

    public string Destination { get; }

    public string Method { get; }

    public bool IsPaused { get; }

    public IReadOnlyDictionary<string, string[]>? Header { get; }

    public string? Body { get; }

    /// <summary>Instead of <see cref="Body"/> when that would not be valid UTF-8.</summary>
    public byte[]? BodyBase64 { get; }

    public int Retries { get; }

    public string? RetryDelayExpression { get; }

    /// <summary>Seconds, like <see cref="Timeout"/>.</summary>
    public long? Delay { get; }

    public long? Timeout { get; }

    public string? Callback { get; }

    public IReadOnlyDictionary<string, string[]>? CallbackHeader { get; }

    public string? FailureCallback { get; }

    public IReadOnlyDictionary<string, string[]>? FailureCallbackHeader { get; }

    public string CallerIp { get; }

    /// <summary>The same value as <see cref="CallerIp"/>. The official JavaScript type has both names.</summary>
    public string CallerIP { get; }

    public string? QueueName { get; }

    public string? FlowControlKey { get; }

    public int? Parallelism { get; }

    public int? Rate { get; }

    /// <summary>Seconds.</summary>
    public long? Period { get; }

    public string? Label { get; }

    public string[]? Labels { get; }

    public long? LastScheduleTime { get; }

    public long? NextScheduleTime { get; }

    /// <summary>By message id.</summary>
    public IReadOnlyDictionary<string, string>? LastScheduleStates { get; }

    public string? Error { get; }

    public static ScheduleAnswer Of(Schedule schedule) => new(schedule);

    static string State(bool? delivered) => delivered switch
    {
        null => "IN_PROGRESS",
        true => "SUCCESS",
        false => "FAIL",
    };
}
