using System.Diagnostics;

namespace QStash.Client;

/// <summary>The account's signing keys as text, to be stored as secrets. <see cref="ToString"/> does not show them.</summary>
[DebuggerDisplay("redacted")]
public sealed class QStashSigningKeys
{
    /// <summary>The key QStash signs with (<c>QSTASH_CURRENT_SIGNING_KEY</c>).</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public required string Current { get; init; }

    /// <summary>The key QStash signs with after the next rotation (<c>QSTASH_NEXT_SIGNING_KEY</c>).</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public required string Next { get; init; }

    /// <summary>Shows the type, never the keys.</summary>
    public override string ToString() => nameof(QStashSigningKeys);
}
