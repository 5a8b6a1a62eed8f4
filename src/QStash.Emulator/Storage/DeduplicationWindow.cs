using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace QStash.Emulator.Storage;

// docs/qstash-contract.md#deduplication
/// <summary>Remembers, for ten minutes, which message a deduplication key created.</summary>
/// <remarks>
/// There can be millions of keys, so texts are kept as bytes and found by a hash of 128 bits. Two of those are not equal by chance.
/// </remarks>
sealed class DeduplicationWindow(IAccountJournal? journal)
{
    const long WindowMs = 10 * 60 * 1000;

    // The id of the message, and then the key.
    readonly Dictionary<UInt128, byte[]> _known = [];

    // Ordered by time and not by arrival: the clock may go back, for example when an emulator starts again whose clock was ahead.
    readonly PriorityQueue<UInt128, long> _expiry = new();

    /// <summary>The keys in force at a time, oldest first, with the message each one created and its expiry in unix milliseconds.</summary>
    public IEnumerable<(string Key, MessageId Message, long ExpiresAt)> InForce(long now)
    {
        var inForce = _expiry.UnorderedItems.Where(entry => entry.Priority > now).OrderBy(static entry => entry.Priority);
        foreach (var (hash, expiresAt) in inForce)
        {
            var known = _known[hash];
            yield return (Encoding.UTF8.GetString(known.AsSpan(MessageId.Size)), MessageOf(known), expiresAt);
        }
    }

    public MessageId? Find(string key, long now)
    {
        while (_expiry.TryPeek(out var hash, out var expiresAt) && expiresAt <= now)
        {
            _expiry.Dequeue();
            _known.Remove(hash);
            journal?.WindowsEnded(expiresAt);
        }

        return _known.TryGetValue(Hash(key), out var known) ? MessageOf(known) : null;
    }

    /// <summary>Begins a window. The journal hears of it together with the message.</summary>
    /// <returns>When it ends, in unix milliseconds.</returns>
    public long Add(string key, MessageId message, long now)
    {
        Restore(key, message, now + WindowMs);
        return now + WindowMs;
    }

    public void Restore(string key, MessageId message, long expiresAt)
    {
        var hash = Hash(key);
        _known.Add(hash, [.. message, .. Encoding.UTF8.GetBytes(key)]);
        _expiry.Enqueue(hash, expiresAt);
    }

    static MessageId MessageOf(byte[] known) => MemoryMarshal.Read<MessageId>(known);

    static UInt128 Hash(string key) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
