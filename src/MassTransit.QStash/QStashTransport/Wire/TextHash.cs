using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The SHA-256 hash of a text, in the forms that ids and names need.
/// </summary>
static class TextHash
{
    // 48 bits: among a thousand texts, two share one once in half a billion.
    const int ShortBytes = 6;

    /// <summary>The length of <see cref="Short"/>.</summary>
    public const int ShortLength = ShortBytes * 4 / 3;

    /// <summary>The hash in small letters and digits.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">How many bytes of the hash to use; each makes two characters.</param>
    public static string Hex(string text, int bytes = 16)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Of(text, hash);

        return Convert.ToHexStringLower(hash[..bytes]);
    }

    /// <summary>
    /// The hash in eight characters, so that the hashes of many topics fit into one name, whose length limit QStash does not document.
    /// </summary>
    public static string Short(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Of(text, hash);

        return Base64Url.EncodeToString(hash[..ShortBytes]);
    }

    /// <summary>The whole hash, in characters that every cache accepts in a key.</summary>
    public static string Long(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Of(text, hash);

        return Base64Url.EncodeToString(hash);
    }

    /// <summary>A number that is the same in every process.</summary>
    public static uint Number(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Of(text, hash);

        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }

    /// <summary>A MessageId without a valid time of sending.</summary>
    public static Guid MessageId(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Of(text, hash);

        // MassTransit reads the time of sending from the first half of a MessageId. A time before 1970 counts as none.
        var time = BinaryPrimitives.ReadUInt64LittleEndian(hash) & ((1UL << 58) - 1);

        return new NewId(
            (int)(time >> 32), (int)time, BinaryPrimitives.ReadInt32LittleEndian(hash[8..]),
                BinaryPrimitives.ReadInt32LittleEndian(hash[12..])).ToGuid();
    }

    static void Of(string text, Span<byte> hash)
    {
        Span<byte> utf8 = stackalloc byte[512];
        SHA256.HashData(Encoding.UTF8.TryGetBytes(text, utf8, out var length) ? utf8[..length] : Encoding.UTF8.GetBytes(text), hash);
    }
}
