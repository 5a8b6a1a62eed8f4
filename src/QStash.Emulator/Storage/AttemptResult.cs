using System.Text.Json.Serialization;

namespace QStash.Emulator.Storage;

/// <summary>What became of one attempt. <see cref="Status"/> is 0 when no answer was received.</summary>
sealed record AttemptResult
{
    public int Status { get; init; }

    /// <summary>The answer's headers by canonical name.</summary>
    public IReadOnlyDictionary<string, string[]> Headers { get; init; } = new Dictionary<string, string[]>();

    public byte[] Body { get; init; } = [];

    /// <summary>Why there was no answer.</summary>
    public string? TransportError { get; init; }

    [JsonIgnore]
    public bool IsSuccess => Status is >= 200 and < 300;

    [JsonIgnore]
    public string Error => TransportError ?? $"the destination answered with status {Status}";
}
