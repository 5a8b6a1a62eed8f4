namespace QStash.Emulator.Storage;

// docs/qstash-contract.md#development-server
/// <summary>The users of the emulator: the four whose credentials QStash publishes.</summary>
sealed class AccountRegistry
{
    readonly Dictionary<string, Account> _byToken;
    readonly Dictionary<string, Account> _byReadOnlyToken;

    /// <param name="journalOf">Makes the journal of a user; null when nothing is kept beyond the process.</param>
    public AccountRegistry(Func<string, IAccountJournal>? journalOf)
    {
        Default = Create(
            "defaultUser",
            "eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=",
            new SigningKeys("sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r", "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs"));

        Account[] all =
        [
            Default,
            Create(
                "testUser1",
                "eyJVc2VySUQiOiJ0ZXN0VXNlcjEiLCJQYXNzd29yZCI6InRlc3RQYXNzd29yZCJ9",
                new SigningKeys("sig_7GVPjvuwsfqF65iC8fSrs1dfYruM", "sig_5NoELc3EFnZn4DVS5bDs2Nk4b7Ua")),
            Create(
                "testUser2",
                "eyJVc2VySUQiOiJ0ZXN0VXNlcjIiLCJQYXNzd29yZCI6InRlc3RQYXNzd29yZCJ9",
                new SigningKeys("sig_6jWGaWRxHsw4vMSPJprXadyvrybF", "sig_7qHbvhmahe5GwfePDiS5Lg3pi6Qx")),
            Create(
                "testUser3",
                "eyJVc2VySUQiOiJ0ZXN0VXNlcjMiLCJQYXNzd29yZCI6InRlc3RQYXNzd29yZCJ9",
                new SigningKeys("sig_5T8FcSsynBjn9mMLBsXhpacRovJf", "sig_7GFR4YaDshFcqsxWRZpRB161jguD")),
        ];
        All = all;
        _byToken = all.ToDictionary(account => account.Token, StringComparer.Ordinal);
        _byReadOnlyToken = all.ToDictionary(account => account.ReadOnlyToken, StringComparer.Ordinal);

        Account Create(string name, string token, SigningKeys keys) =>
            new(name, token, keys, journalOf?.Invoke(name));
    }

    /// <summary>The user the official SDKs expect of a local server.</summary>
    public Account Default { get; }

    /// <summary>The account of a token, and whether the token only reads.</summary>
    public (Account? Account, bool ReadOnly) Find(string token) => _byToken.TryGetValue(token, out var account)
        ? (account, false)
        : (_byReadOnlyToken.GetValueOrDefault(token), true);

    /// <summary>The default user first.</summary>
    public IReadOnlyList<Account> All { get; }
}
