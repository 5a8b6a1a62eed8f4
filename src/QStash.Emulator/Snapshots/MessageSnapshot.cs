using System.Text.Json.Serialization;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Snapshots;

/// <summary>A message.</summary>
public sealed record MessageSnapshot
{
    MessageSnapshot(Message message)
    {
        Id = message.Id;
        Url = message.Target.Url;
        UrlGroup = message.Target.TopicName;
        Queue = message.Queue?.Name;
        FlowControlKey = message.Spec.FlowControl?.Key;
        Method = message.Spec.Method;
        Headers = message.Spec.Headers;
        Body = message.Spec.Body;
        Labels = message.Spec.Labels;
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(message.CreatedAt);
        NotBefore = DateTimeOffset.FromUnixTimeMilliseconds(message.NotBefore);
        Retried = message.Retried;
        MaxRetries = message.Spec.Retries;
        InFlight = message.Phase == MessagePhase.InFlight;
    }

    /// <summary>The message id.</summary>
    public string Id { get; }

    /// <summary>Where it is delivered to.</summary>
    public string Url { get; }

    /// <summary>The URL group it was published to.</summary>
    public string? UrlGroup { get; }

    /// <summary>The queue it is in.</summary>
    public string? Queue { get; }

    /// <summary>The flow control key it waits for.</summary>
    public string? FlowControlKey { get; }

    /// <summary>The method of the delivery.</summary>
    public string Method { get; }

    /// <summary>The headers the destination gets, by canonical name.</summary>
    public IReadOnlyDictionary<string, string[]> Headers { get; }

    /// <summary>The payload; Base64 in JSON.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The payload read as UTF-8.</summary>
    [JsonIgnore]
    public string Text => System.Text.Encoding.UTF8.GetString(Body.Span);

    /// <summary>The labels.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>The time of the first attempt.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>Retries begun so far.</summary>
    public int Retried { get; }

    /// <summary>Retries it may have.</summary>
    public int MaxRetries { get; }

    /// <summary>Whether an attempt was open.</summary>
    public bool InFlight { get; }

    internal static MessageSnapshot Of(Message message) => new(message);
}
