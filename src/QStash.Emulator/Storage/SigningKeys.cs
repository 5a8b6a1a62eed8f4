using QStash.Emulator.Grammar;

namespace QStash.Emulator.Storage;

/// <summary>A pair of signing keys; signing always uses the current one.</summary>
sealed class SigningKeys(string current, string next)
{
    const int KeyLength = 28;

    public string Current { get; } = current;

    public string Next { get; } = next;

    public SigningKeys Rotate() => new(Next, "sig_" + RandomText.Base58(KeyLength));
}
