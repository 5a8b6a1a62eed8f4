namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// The token and keys of the default user of QStash's own development server and of our emulator. Upstash publishes them, so they are no
/// secret.
/// </summary>
static class DevelopmentCredentials
{
    const string Token = "eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=";
    const string CurrentSigningKey = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r";
    const string NextSigningKey = "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs";

    // Keys of the default users in Upstash's published table, and of older servers.
    static readonly HashSet<string> PublicKeys =
    [
        CurrentSigningKey, NextSigningKey,
        "sig_7GVPjvuwsfqF65iC8fSrs1dfYruM", "sig_5NoELc3EFnZn4DVS5bDs2Nk4b7Ua",
        "sig_6jWGaWRxHsw4vMSPJprXadyvrybF", "sig_7qHbvhmahe5GwfePDiS5Lg3pi6Qx",
        "sig_5T8FcSsynBjn9mMLBsXhpacRovJf", "sig_7GFR4YaDshFcqsxWRZpRB161jguD",
        "sig_7RvLjqfZBvP5KEUimQCE1pvpLuou", "sig_7W3ZNbfKWk5NWwEs3U4ixuQ7fxwE",
    ];

    static readonly Uri Url = new("http://127.0.0.1:8080");

    /// <summary>Sets the options for a local emulator.</summary>
    /// <param name="options">The options of a bus.</param>
    /// <param name="isUrlChosen">
    /// Whether the address in the options was chosen for the emulator. If not, it may be the address of the real service, so it counts only
    /// if it is plain http, as an emulator's is.
    /// </param>
    public static void Set(QStashTransportOptions options, bool isUrlChosen)
    {
        options.UseEmulator = true;
        options.Token = Token;
        options.CurrentSigningKey = CurrentSigningKey;
        options.NextSigningKey = NextSigningKey;

        if (!isUrlChosen && options.Url is not { IsAbsoluteUri: true, Scheme: "http" })
            options.Url = Url;
    }

    public static bool IsPublicKey(params ReadOnlySpan<string?> keys)
    {
        foreach (var key in keys)
        {
            if (key is not null && PublicKeys.Contains(key))
                return true;
        }

        return false;
    }
}
