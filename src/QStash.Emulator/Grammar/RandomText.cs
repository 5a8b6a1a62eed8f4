using System.Security.Cryptography;

namespace QStash.Emulator.Grammar;

/// <summary>Random identifiers in the alphabet QStash uses.</summary>
static class RandomText
{
    const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    // Each message needs two of them, and a call to the generator takes longer than to write a text.
    [ThreadStatic]
    static byte[]? _random;

    [ThreadStatic]
    static int _used;

    public static string Base58(int length) => string.Create(length, 0, static (text, _) => FillBase58(text));

    public static void FillBase58(Span<char> text)
    {
        var random = _random ??= new byte[1024];
        var used = _used;
        for (var i = 0; i < text.Length;)
        {
            if (used == 0)
                RandomNumberGenerator.Fill(random);

            // Six bits are 64 numbers. Those without a character are left out, so that all characters are equally likely.
            var number = random[used] & 0x3F;
            used = (used + 1) % random.Length;
            if (number < Alphabet.Length)
                text[i++] = Alphabet[number];
        }

        _used = used;
    }
}
