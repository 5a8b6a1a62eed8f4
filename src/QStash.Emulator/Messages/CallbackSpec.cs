
namespace QStash.Emulator.Messages;

// docs/qstash-contract.md#callback-headers
/// <summary>Where a callback goes, and its message without the body.</summary>
sealed record CallbackSpec(string Url, MessageSpec Message);
