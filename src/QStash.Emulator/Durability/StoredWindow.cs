namespace QStash.Emulator.Durability;

/// <summary>The window of a deduplication key. Those that began in one transaction are stored together.</summary>
/// <param name="Key">The key.</param>
/// <param name="Message">The id of the message that it created.</param>
/// <param name="ExpiresAt">When it ends, in unix milliseconds.</param>
sealed record StoredWindow(string Key, string Message, long ExpiresAt);
