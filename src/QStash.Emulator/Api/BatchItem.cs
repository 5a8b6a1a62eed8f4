using QStash.Emulator.Messages;

namespace QStash.Emulator.Api;

/// <summary>An item of a batch that has been checked.</summary>
readonly record struct BatchItem()
{
    /// <summary>Why the item cannot be published; then no other member is set.</summary>
    public string? Error { get; init; }

    public MessageSpec Spec { get; init; } = MessageSpec.Default;

    public IReadOnlyList<MessageTarget> Targets { get; init; } = [];

    public bool IsGroup { get; init; }

    public string? Queue { get; init; }
}
