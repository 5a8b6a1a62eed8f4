namespace QStash.Emulator.Messages;

/// <summary>Where a callback goes, and the message it becomes once it has a body (contract 3.5).</summary>
sealed record CallbackSpec(string Url, MessageSpec Message);
