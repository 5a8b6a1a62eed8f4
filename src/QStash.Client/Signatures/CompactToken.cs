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

    // A text that is not a token gives an empty header, which counts as malformed.
    public static CompactToken Split(ReadOnlySpan<char> text, Span<byte> buffer)
    {
        if (text.ContainsAnyExcept(Characters) || text.Count('.') != 2)
            return default;

        Encoding.ASCII.GetBytes(text, buffer);
        var first = buffer.IndexOf((byte)'.');
        var last = buffer.LastIndexOf((byte)'.');

        return new CompactToken
        {
            Header = buffer[..first],
            Payload = buffer[(first + 1)..last],
            Signature = buffer[(last + 1)..],
            SigningInput = buffer[..last]
        };
    }

    // A segment that is not Base64url decodes to nothing, which counts as malformed.
    public static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> segment, Span<byte> buffer) =>
        Base64Url.DecodeFromUtf8(segment, buffer, out _, out var written) == OperationStatus.Done ? buffer[..written] : default;

    // Each signature has only one spelling, because the decoder refuses set bits after the last byte.
    public static bool TryDecodeSignature(ReadOnlySpan<byte> segment, Span<byte> signature) =>
        segment.Length == SignatureLength && Base64Url.DecodeFromUtf8(segment, signature, out _, out _) == OperationStatus.Done;
}
