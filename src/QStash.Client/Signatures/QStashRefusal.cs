namespace QStash.Client;

/// <summary>
/// What is known about a delivery that was refused, for a log: <see cref="QStashSignatureVerifier.Explain"/> tells it.
/// </summary>
/// <param name="Result">Why it was refused.</param>
/// <param name="SignedFor">
/// The URL QStash signed the delivery for, when that is the only thing wrong: rather a setting or a proxy than an attack. Else null.
/// </param>
/// <param name="ClockDifference">
/// When a time in the token is wrong: by how much the verifier's clock is ahead of the moment of signing, negative when it is behind. A
/// delivery that was held up, or is sent again, looks like a clock that is ahead. Null when the times are right, or senseless.
/// </param>
public readonly record struct QStashRefusal(QStashSignatureResult Result, string? SignedFor, TimeSpan? ClockDifference);
