namespace QStash.Emulator.Accounts;

/// <summary>The users of the emulator: the four whose credentials QStash publishes (contract 9).</summary>
sealed class AccountRegistry
{
    readonly Dictionary<string, Account> _byToken;

    public AccountRegistry()
    {
        Default = new Account(
            "defaultUser",
            "eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=",
            new SigningKeys("sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r", "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs"));

        Account[] all =
        [
            Default,
            new Account(
                "testUser1",
                "eyJVc2VySUQiOiJ0ZXN0VXNlcjEiLCJQYXNzd29yZCI6InRlc3RQYXNzd29yZCJ9",
                new SigningKeys("sig_7GVPjvuwsfqF65iC8fSrs1dfYruM", "sig_5NoELc3EFnZn4DVS5bDs2Nk4b7Ua")),
            new Account(
                "testUser2",
                "eyJVc2VySUQiOiJ0ZXN0VXNlcjIiLCJQYXNzd29yZCI6InRlc3RQYXNzd29yZCJ9",
                new SigningKeys("sig_6jWGaWRxHsw4vMSPJprXadyvrybF", "sig_7qHbvhmahe5GwfePDiS5Lg3pi6Qx")),
            new Account(
                "testUser3",
                "eyJVc2VySUQiOiJ0ZXN0VXNlcjMiLCJQYXNzd29yZCI6InRlc3RQYXNzd29yZCJ9",
                new SigningKeys("sig_5T8FcSsynBjn9mMLBsXhpacRovJf", "sig_7GFR4YaDshFcqsxWRZpRB161jguD")),
        ];
        _byToken = all.ToDictionary(account => account.Token, StringComparer.Ordinal);
    }

    /// <summary>The user the official SDKs expect of a local server.</summary>
    public Account Default { get; }

    public IReadOnlyCollection<Account> All => _byToken.Values;

    public Account? Find(string token) => _byToken.GetValueOrDefault(token);
}
