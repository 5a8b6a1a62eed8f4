using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// A topic in eight characters, so that the names of many fit into the name of one member: the length of that is not documented.
/// </summary>
static class TopicKey
{
    // 48 bits: among a thousand topics, two share a key once in half a billion.
    const int Bytes = 6;

    public static string Of(string topic)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(topic), hash);

        return Base64Url.EncodeToString(hash[..Bytes]);
    }
}
