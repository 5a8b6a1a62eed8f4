namespace QStash.Client.Tests.Fuzzing;

/// <summary>
/// A delivery to try on the verifier. A real key signed it as it is when <c>IsSigned</c>; otherwise only the text of a genuine
/// token may pass.
/// </summary>
sealed record Mutant(string Kind, string Token, byte[] Body, string Url, DateTimeOffset Now, bool IsSigned);
