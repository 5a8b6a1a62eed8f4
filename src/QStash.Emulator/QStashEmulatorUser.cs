using QStash.Emulator.Storage;

namespace QStash.Emulator;

/// <summary>The credentials of one user of the emulator. They are published in QStash's documentation and open nothing else.</summary>
public sealed class QStashEmulatorUser
{
    readonly Account _account;

    internal QStashEmulatorUser(Account account) => _account = account;

    /// <summary>The user's name, for example <c>defaultUser</c>.</summary>
    public string Name => _account.Name;

    /// <summary>The bearer token of the API.</summary>
    public string Token => _account.Token;

    /// <summary>A token that reads everything and changes nothing. Other calls get 403.</summary>
    public string ReadOnlyToken => _account.ReadOnlyToken;

    /// <summary>The key deliveries are signed with now.</summary>
    public string CurrentSigningKey => _account.Keys.Current;

    /// <summary>The key deliveries will be signed with after the next rotation.</summary>
    public string NextSigningKey => _account.Keys.Next;

    /// <summary>The user's name; no credentials.</summary>
    public override string ToString() => Name;
}
