namespace QStash.Emulator;

/// <summary>The file at <see cref="QStashEmulatorOptions.DataPath"/> cannot be used.</summary>
public sealed class DataPathException : IOException
{
    internal DataPathException(string path, string reason, Exception? inner = null)
        : base($"{nameof(QStashEmulatorOptions)}.{nameof(QStashEmulatorOptions.DataPath)} '{path}' cannot be used: {reason}.", inner)
    {
        Path = path;
        Reason = reason;
    }

    /// <summary>The full path of the file.</summary>
    public string Path { get; }

    /// <summary>Why it cannot be used, without a full stop: <c>its directory does not exist</c>.</summary>
    public string Reason { get; }
}
