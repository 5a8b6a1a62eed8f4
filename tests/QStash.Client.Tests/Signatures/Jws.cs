using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace QStash.Client.Tests;

/// <summary>Signs any header and payload, sound or not.</summary>
static class Jws
{
    public const string Header = """{"alg":"HS256","typ":"JWT"}""";

    public static string Sign(string payload, string header = Header, string key = Vectors.Current) => SignEncoded($"{Encode(header)}.{Encode(payload)}", key);

    public static string SignEncoded(string input, string key = Vectors.Current) =>
        $"{input}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(input)))}";

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
