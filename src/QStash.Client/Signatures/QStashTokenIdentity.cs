namespace QStash.Client;

/// <summary>
/// What tells the token of a delivery from all others. QStash signs each attempt anew, so a token that comes twice was replayed.
/// </summary>
/// <param name="Id">The claim <c>jti</c>; null when the token has none, or nobody asked for it.</param>
/// <param name="ExpiresAt">The claim <c>exp</c>; the verifier accepts the token until then plus its tolerance.</param>
public readonly record struct QStashTokenIdentity(string? Id, DateTimeOffset ExpiresAt);
