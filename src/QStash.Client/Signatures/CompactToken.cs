using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace QStash.Client;

// The three segments of a compact JWS, as ASCII bytes.
readonly ref struct CompactToken
{
    // QStash's tokens have about 400 characters plus those of the URL, which few servers accept beyond 4096.
    public const int MaxLength = 8192;

    const int SignatureLength = 43;

    static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    public required ReadOnlySpan<byte> Header { get; init; }

    public required ReadOnlySpan<byte> Payload { get; init; }

    public required ReadOnlySpan<byte> Signature { get; init; }

    public required ReadOnlySpan<byte> SigningInput { get; init; }

    public static bool TrySplit(ReadOnlySpan<char> text, Span<byte> buffer, out CompactToken token)
    {
        token = default;
        if (text.ContainsAnyExcept(Characters))
            return false;

        Encoding.ASCII.GetBytes(text, buffer);
        var first = buffer.IndexOf((byte)'.');
        var last = buffer.LastIndexOf((byte)'.');
        if (first <= 0 || last <= first + 1 || buffer[(first + 1)..last].Contains((byte)'.'))
            return false;

        token = new CompactToken
        {
            Header = buffer[..first],
            Payload = buffer[(first + 1)..last],
            Signature = buffer[(last + 1)..],
            SigningInput = buffer[..last]
        };

        return true;
    }

    public static bool TryDecode(ReadOnlySpan<byte> segment, ref Span<byte> buffer)
    {
        if (Base64Url.DecodeFromUtf8(segment, buffer, out _, out var written) != OperationStatus.Done)
            return false;

        buffer = buffer[..written];
        return true;
    }

    // One signature, one spelling: the decoder refuses set bits behind the last byte.
    public static bool TryDecodeSignature(ReadOnlySpan<byte> segment, Span<byte> signature) =>
        segment.Length == SignatureLength && Base64Url.DecodeFromUtf8(segment, signature, out _, out _) == OperationStatus.Done;
}
