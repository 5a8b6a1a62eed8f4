using System.Buffers.Binary;

namespace QStash.Emulator.Durability;

/// <summary>
/// Reads SQLite's write-ahead log (https://sqlite.org/fileformat2.html#walformat). SQLite silently stops at the first frame with a
/// wrong checksum. Transactions that were committed after a damage are still in the log, and this class finds them.
/// </summary>
static class WriteAheadLog
{
    const int HeaderSize = 32;
    const int FrameHeaderSize = 24;
    const int SaltSize = 8;

    /// <summary>The progress of the newest committed transaction, whether SQLite can still read it or not.</summary>
    public static Progress? Newest(string path)
    {
        if (!File.Exists(path))
            return null;

        using var log = File.OpenRead(path);
        Span<byte> header = stackalloc byte[HeaderSize];
        if (log.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize)
            return null;

        var pageSize = BinaryPrimitives.ReadInt32BigEndian(header[8..]);
        if (pageSize is < 512 or > 65_536)
            pageSize = DataFile.PageSize;

        Span<byte> salt = stackalloc byte[SaltSize];
        header[16..24].CopyTo(salt);
        var frame = new byte[FrameHeaderSize + pageSize];
        Progress? committed = null;
        Progress? seen = null;
        for (var first = true; log.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length; first = false)
        {
            // Frames of an earlier round follow those of the present one. The header itself may be damaged.
            if (!frame.AsSpan(8, SaltSize).SequenceEqual(salt) && !first)
                continue;

            if (first)
                frame.AsSpan(8, SaltSize).CopyTo(salt);

            var page = frame.AsSpan(FrameHeaderSize);
            if (page.IndexOf(Progress.Start) is >= 0 and var found)
                seen = Progress.Of(page[found..]) ?? seen;

            // Only the last frame of a transaction says how large the database is.
            if (BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4)) != 0 && seen is not null && !(seen.Commits < committed?.Commits))
                committed = seen;
        }

        return committed;
    }
}
