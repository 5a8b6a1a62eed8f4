using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using QStash.Emulator.Grammar;

namespace QStash.Emulator.Storage;

/// <summary>
/// The id of a message: <c>msg_</c> and 52 characters. There may be millions, and the text takes three times the memory of these bytes.
/// </summary>
[InlineArray(Size)]
struct MessageId : IEquatable<MessageId>
{
    /// <summary>How many bytes it has.</summary>
    public const int Size = 39;

    const string Prefix = "msg_";

    // The alphabet is a part of that of Base64url, where each character stands for six bits.
    const int Characters = Size * 8 / 6;

    byte _first;

    public static MessageId Create()
    {
        Span<char> text = stackalloc char[Prefix.Length + Characters];
        Prefix.CopyTo(text);
        RandomText.FillBase58(text[Prefix.Length..]);
        return Parse(text);
    }

    /// <exception cref="FormatException">The text cannot be an id.</exception>
    public static MessageId Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not the id of a message.");

    public static bool TryParse(ReadOnlySpan<char> text, out MessageId id)
    {
        id = default;

        return text.Length == Prefix.Length + Characters && text.StartsWith(Prefix, StringComparison.Ordinal)
            && Base64Url.DecodeFromChars(text[Prefix.Length..], id, out _, out var written) == OperationStatus.Done && written == Size;
    }

    public readonly bool Equals(MessageId other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is MessageId other && Equals(other);

    // An id is random, so any part of it is as good as a hash.
    public override readonly int GetHashCode() => MemoryMarshal.Read<int>(this);

    public override readonly string ToString() => string.Create(Prefix.Length + Characters, this, static (text, id) =>
    {
        Prefix.CopyTo(text);
        Base64Url.EncodeToChars(id, text[Prefix.Length..]);
    });
}
