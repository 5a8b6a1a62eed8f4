namespace QStash.Emulator.Durability;

/// <summary>The file of the durable mode cannot be used. The message names the library's option.</summary>
sealed class DataFileException(string path, string reason, Exception? inner = null)
    : IOException($"{nameof(QStashEmulatorOptions)}.{nameof(QStashEmulatorOptions.DataPath)} '{path}' cannot be used: {reason}.", inner)
{
    public string Path { get; } = path;

    public string Reason { get; } = reason;
}
