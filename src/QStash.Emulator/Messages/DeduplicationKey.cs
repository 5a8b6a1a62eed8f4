using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace QStash.Emulator.Messages;

// docs/qstash-contract.md#deduplication
/// <summary>Two publishes with the same key are the same. An explicit id wins over the content.</summary>
readonly record struct DeduplicationKey
{
    const string IdPrefix = "id:";
    const string ContentPrefix = "content:";

    // An id, which contains no colon, or a colon and a hash. There may be a million keys: an id is the object that the message has too.
    readonly string _text;

    DeduplicationKey(string text) => _text = text;

    public static DeduplicationKey? Of(MessageSpec spec, MessageTarget target)
    {
        if (spec.DeduplicationId is { } id)
            // The endpoints of a group are deduplicated one by one, so the endpoint is part of the key.
            return new DeduplicationKey(target.TopicName is null ? id : $"{id}:{target.TopicName}:{target.Url}");

        return spec.ContentBasedDeduplication ? new DeduplicationKey($":{Hash(spec, target)}") : null;
    }

    /// <param name="text">What <see cref="ToString"/> returned.</param>
    public static DeduplicationKey Parse(string text) => text.StartsWith(ContentPrefix, StringComparison.Ordinal)
        ? new DeduplicationKey(text[(ContentPrefix.Length - 1)..])
        : new DeduplicationKey(text[IdPrefix.Length..]);

    /// <summary><c>id:</c> and the id, or <c>content:</c> and a hash.</summary>
    public override string ToString() => _text.StartsWith(':') ? ContentPrefix + _text[1..] : IdPrefix + _text;

    static string Hash(MessageSpec spec, MessageTarget target)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Encoding.UTF8.GetBytes(target.Url));
        Append(hash, spec.Body);
        foreach (var (name, values) in spec.Headers.OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            Append(hash, Encoding.UTF8.GetBytes(name));
            foreach (var value in values)
                Append(hash, Encoding.UTF8.GetBytes(value));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Adds a part with its length in front, so that "ab" + "c" differs from "a" + "bc".</summary>
    static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
