namespace QStash.Client;

/// <summary>
/// Details about a refused delivery, for a log; the result of <see cref="QStashSignatureVerifier.Explain"/>.
/// </summary>
/// <param name="Result">Why the delivery was refused.</param>
/// <param name="SignedFor">
/// The URL that QStash signed the delivery for, if nothing else is wrong; then the cause is a setting or a proxy rather than an attack.
/// Otherwise null.
/// </param>
/// <param name="ClockDifference">
/// If a time in the token is wrong: by how much the verifier's clock is ahead of the moment of signing; negative when it is behind. A
/// delivery that was delayed or replayed looks the same as a clock that is ahead. Null when the times are right or make no sense.
/// </param>
public readonly record struct QStashRefusal(QStashSignatureResult Result, string? SignedFor, TimeSpan? ClockDifference);
