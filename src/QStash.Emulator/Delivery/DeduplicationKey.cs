using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using QStash.Emulator.Messages;

namespace QStash.Emulator.Delivery;

// docs/qstash-contract.md#deduplication
/// <summary>Two publishes with the same key are the same. An explicit id wins over the content.</summary>
static class DeduplicationKey
{
    public static string? Of(MessageSpec spec, MessageTarget target)
    {
        if (spec.DeduplicationId is { } id)
            // The endpoints of a group are deduplicated one by one, so the endpoint is part of the key.
            return target.TopicName is null ? $"id:{id}" : $"id:{id}:{target.TopicName}:{target.Url}";

        return spec.ContentBasedDeduplication ? $"content:{Hash(spec, target)}" : null;
    }

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
