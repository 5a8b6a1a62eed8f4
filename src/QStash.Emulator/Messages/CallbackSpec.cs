
namespace QStash.Emulator.Messages;

// docs/qstash-contract.md#callback-headers
/// <summary>Where a callback goes, and all of its message but the body.</summary>
sealed record CallbackSpec(string Url, MessageSpec Message);
