using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// A text in eight characters, so that those of many topics fit into the name of one member: the length of that is not documented.
/// </summary>
static class ShortHash
{
    // 48 bits: among a thousand topics, two share one once in half a billion.
    const int Bytes = 6;

    public const int Length = Bytes * 4 / 3;

    public static string Of(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);

        return Base64Url.EncodeToString(hash[..Bytes]);
    }
}
