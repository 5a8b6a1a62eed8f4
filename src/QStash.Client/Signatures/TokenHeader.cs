using System.Buffers.Text;

namespace QStash.Client;

// The JOSE header of a token. The verifier always computes HS256, so the header decides nothing. It only explains what is wrong with tokens
// of another kind, without a parser that could throw.
static class TokenHeader
{
    // {"alg":"HS256","typ":"JWT"}, the one QStash sends.
    static ReadOnlySpan<byte> Usual => "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"u8;

    public static QStashSignatureResult Check(ReadOnlySpan<byte> segment)
    {
        if (segment.SequenceEqual(Usual))
            return QStashSignatureResult.Valid;

        Span<byte> buffer = stackalloc byte[Base64Url.GetMaxDecodedLength(segment.Length)];
        var json = CompactToken.Decode(segment, buffer).Trim(" \t\r\n"u8);
        if (json.IsEmpty || json[0] != '{' || json[^1] != '}')
            return QStashSignatureResult.Malformed;

        return json.IndexOf("\"HS256\""u8) is -1 ? QStashSignatureResult.UnsupportedAlgorithm : QStashSignatureResult.Valid;
    }
}
