using System.Buffers;

namespace QStash.Client;

// A buffer in pieces. In one piece a batch would be a large object, and a few of those make the garbage collector look at everything that
// an application has in memory. The pieces are not pooled, because HTTP/2 may still read them when the call has already failed.
sealed class BufferPieces(long expectedSize) : IBufferWriter<byte>
{
    // Arrays are large objects from 85,000 bytes on.
    const int PieceSize = 64 * 1024;

    readonly List<ReadOnlyMemory<byte>> _full = [];
    byte[] _current = GC.AllocateUninitializedArray<byte>((int)Math.Min(expectedSize, PieceSize));
    int _count;

    public IEnumerable<ReadOnlyMemory<byte>> Written => [.. _full, _current.AsMemory(0, _count)];

    public long Length => _full.Sum(static piece => (long)piece.Length) + _count;

    public void Advance(int count) => _count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_current.Length - _count < Math.Max(sizeHint, 1))
        {
            _full.Add(_current.AsMemory(0, _count));
            _current = GC.AllocateUninitializedArray<byte>(Math.Max(sizeHint, PieceSize));
            _count = 0;
        }

        return _current.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
