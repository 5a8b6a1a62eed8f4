using System.Text.Json.Serialization;
using QStash.Emulator.Messages;

namespace QStash.Emulator.Storage;

/// <summary>How one attempt ended. <see cref="Status"/> is 0 when there was no answer.</summary>
sealed record AttemptResult
{
    /// <summary>Answers with longer headers are not shared: they are rarely the same, and would stay in memory. In characters.</summary>
    const int LongestShared = 1024;

    static readonly Shared<AttemptResult> Known = new(EqualityComparer<AttemptResult>.Default);

    public int Status { get; init; }

    /// <summary>The answer's headers by canonical name.</summary>
    public HeaderList Headers { get; init; } = HeaderList.Empty;

    public byte[] Body { get; init; } = [];

    /// <summary>How many bytes of a body the log and the dead letters keep.</summary>
    public const int KeptBody = 64 * 1024;

    /// <summary>
    /// What the log and the dead letters keep: a part of the body, of which callbacks carry more. Most answers have no body, and are the
    /// same for many messages, so they share one object.
    /// </summary>
    [JsonIgnore]
    public AttemptResult Kept => Body.Length switch
    {
        0 when Headers.Characters <= LongestShared => Known.Of(this),
        > KeptBody => this with { Body = Body[..KeptBody] },
        _ => this,
    };

    /// <summary>Why there was no answer.</summary>
    public string? TransportError { get; init; }

    [JsonIgnore]
    public bool IsSuccess => Status is >= 200 and < 300;

    [JsonIgnore]
    public string Error => TransportError ?? $"the destination answered with status {Status}";
}
