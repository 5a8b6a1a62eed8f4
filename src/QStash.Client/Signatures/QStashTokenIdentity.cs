namespace QStash.Client;

/// <summary>
/// Identifies the token of a delivery. QStash signs each attempt anew, so a token that comes twice was replayed.
/// </summary>
/// <param name="Id">The claim <c>jti</c>; null when the token has none or it was not read.</param>
/// <param name="ExpiresAt">The claim <c>exp</c>; the verifier accepts the token until then plus its tolerance.</param>
public readonly record struct QStashTokenIdentity(string? Id, DateTimeOffset ExpiresAt);
