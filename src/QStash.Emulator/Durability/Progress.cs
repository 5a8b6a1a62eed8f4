using System.Buffers.Binary;

namespace QStash.Emulator.Durability;

/// <summary>
/// The progress of a data file. Each transaction writes it into the file, and then into a second file beside it, so that the next start can
/// tell whether the write-ahead log has lost transactions.
/// </summary>
/// <param name="File">A random id of the data file.</param>
/// <param name="Commits">How many transactions there were.</param>
/// <param name="Messages">How many messages were accepted.</param>
/// <param name="Time">When the newest transaction was committed, in unix milliseconds.</param>
sealed record Progress(long File, long Commits, long Messages, long Time)
{
    public const int Size = 40;

    /// <summary>The first bytes, by which it is found in the pages of a damaged log.</summary>
    public static ReadOnlySpan<byte> Start => "QSEMPRGS"u8;

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        Start.CopyTo(bytes);
        long[] values = [File, Commits, Messages, Time];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan((i + 1) * sizeof(long)), values[i]);

        return bytes;
    }

    /// <summary>Reads the progress; null if the bytes are something else.</summary>
    public static Progress? Of(ReadOnlySpan<byte> bytes) => bytes.Length >= Size && bytes.StartsWith(Start)
        ? new Progress(At(bytes, 1), At(bytes, 2), At(bytes, 3), At(bytes, 4))
        : null;

    static long At(ReadOnlySpan<byte> bytes, int index) => BinaryPrimitives.ReadInt64LittleEndian(bytes[(index * sizeof(long))..]);
}
