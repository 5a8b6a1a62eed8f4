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

    public static string Base58(int length) => string.Create(length, 0, static (text, _) =>
    {
        foreach (ref var character in text)
            character = NextCharacter();
    });

    static char NextCharacter()
    {
        while (true)
        {
            // Six bits are 64 numbers. Those without a character are left out, so that all characters are equally likely.
            var number = NextByte() & 0x3F;
            if (number < Alphabet.Length)
                return Alphabet[number];
        }
    }

    static byte NextByte()
    {
        _random ??= new byte[1024];
        if (_used == 0)
            RandomNumberGenerator.Fill(_random);

        var random = _random[_used];
        _used = (_used + 1) % _random.Length;
        return random;
    }
}
