using System.Buffers.Binary;
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

    /// <summary>Separates the id of a message, which does not contain it, from the key.</summary>
    const char Separator = ' ';

    readonly Dictionary<UInt128, byte[]> _known = [];

    // Ordered by time and not by arrival: the clock may go back, for example when an emulator starts again whose clock was ahead.
    readonly PriorityQueue<UInt128, long> _expiry = new();

    /// <summary>The keys in force at a time, oldest first, with the message each one created and its expiry in unix milliseconds.</summary>
    public IEnumerable<(string Key, string MessageId, long ExpiresAt)> InForce(long now)
    {
        var inForce = _expiry.UnorderedItems.Where(entry => entry.Priority > now).OrderBy(static entry => entry.Priority);
        foreach (var (hash, expiresAt) in inForce)
        {
            var (messageId, key) = Read(_known[hash]);
            yield return (key, messageId, expiresAt);
        }
    }

    public string? Find(string key, long now)
    {
        while (_expiry.TryPeek(out var hash, out var expiresAt) && expiresAt <= now)
        {
            _expiry.Dequeue();
            _known.Remove(hash);
            journal?.WindowsEnded(expiresAt);
        }

        return _known.TryGetValue(Hash(key), out var known) ? Read(known).MessageId : null;
    }

    /// <summary>Begins a window. The journal hears of it together with the message.</summary>
    /// <returns>When it ends, in unix milliseconds.</returns>
    public long Add(string key, string messageId, long now)
    {
        Restore(key, messageId, now + WindowMs);
        return now + WindowMs;
    }

    public void Restore(string key, string messageId, long expiresAt)
    {
        var hash = Hash(key);
        _known.Add(hash, Encoding.UTF8.GetBytes(messageId + Separator + key));
        _expiry.Enqueue(hash, expiresAt);
    }

    static (string MessageId, string Key) Read(byte[] entry)
    {
        var text = Encoding.UTF8.GetString(entry);
        var end = text.IndexOf(Separator, StringComparison.Ordinal);
        return (text[..end], text[(end + 1)..]);
    }

    static UInt128 Hash(string key) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
