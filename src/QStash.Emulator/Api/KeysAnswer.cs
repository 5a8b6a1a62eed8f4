using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

/// <summary>A pair of signing keys.</summary>
sealed record KeysAnswer(string Current, string Next)
{
    public static KeysAnswer Of(SigningKeys keys) => new(keys.Current, keys.Next);
}
