using System.Buffers;

namespace QStash.Emulator.Http;

/// <summary>
/// Bytes that are needed for a moment. Arrays of this size are large objects, and to throw one away for each request would make the garbage
/// collector look at everything that the process has in memory.
/// </summary>
sealed class PooledBytes : IDisposable
{
    /// <summary>The pool would keep a longer array for a long time.</summary>
    const int LongestPooled = 1024 * 1024;

    readonly byte[] _array;

    PooledBytes(byte[] array, int length)
    {
        _array = array;
        Bytes = array.AsMemory(0, length);
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    public static PooledBytes Copy(ReadOnlySequence<byte> source)
    {
        var length = checked((int)source.Length);
        var array = length > LongestPooled ? new byte[length] : ArrayPool<byte>.Shared.Rent(length);
        source.CopyTo(array);
        return new PooledBytes(array, length);
    }

    public void Dispose()
    {
        if (Bytes.Length <= LongestPooled)
            ArrayPool<byte>.Shared.Return(_array);
    }
}
