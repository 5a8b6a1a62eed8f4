using System.Security.Cryptography;

namespace QStash.Emulator.Grammar;

/// <summary>Random identifiers in the alphabet QStash uses.</summary>
static class RandomText
{
    const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    public static string Base58(int length) => RandomNumberGenerator.GetString(Alphabet, length);
}
