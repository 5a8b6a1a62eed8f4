using System.Text.Json;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

// docs/qstash-contract.md#callbacks
/// <summary>The JSON a callback carries about an attempt of its source.</summary>
sealed record CallbackBody
{
    public required int Status { get; init; }

    public required IReadOnlyDictionary<string, string[]> Header { get; init; }

    /// <summary>Base64, like <see cref="SourceBody"/>.</summary>
    public required byte[] Body { get; init; }

    public required int Retried { get; init; }

    public required int MaxRetries { get; init; }

    public string? DlqId { get; init; }

    public required string SourceMessageId { get; init; }

    public string? TopicName { get; init; }

    public string? EndpointName { get; init; }

    public required string Url { get; init; }

    public required string Method { get; init; }

    public required IReadOnlyDictionary<string, string[]> SourceHeader { get; init; }

    public required byte[] SourceBody { get; init; }

    /// <summary>Unix milliseconds, like <see cref="CreatedAt"/>.</summary>
    public required long NotBefore { get; init; }

    public required long CreatedAt { get; init; }

    public string? ScheduleId { get; init; }

    public required string CallerIP { get; init; }

    public static byte[] Create(Message message, AttemptResult result, string? dlqId) => JsonSerializer.SerializeToUtf8Bytes(
        new CallbackBody
        {
            Status = result.Status,
            Header = result.Headers,
            Body = result.Body,
            Retried = message.Retried,
            MaxRetries = message.Spec.Retries,
            DlqId = dlqId,
            SourceMessageId = message.Id,
            TopicName = message.Target.TopicName,
            EndpointName = message.Target.EndpointName,
            Url = message.Target.Url,
            Method = message.Spec.Method,
            SourceHeader = message.Spec.Headers,
            SourceBody = message.Spec.Body,
            NotBefore = message.NotBefore,
            CreatedAt = message.CreatedAt,
            ScheduleId = message.Spec.ScheduleId,
            CallerIP = message.Spec.CallerIp,
        },
        CallbackJson.Default.CallbackBody);
}
