namespace MassTransit.QStashTransport.Reporting;

/// <summary>
/// Something about a bus that is allowed, and may be wrong.
/// </summary>
/// <param name="Rules">The ids of the rules it touches, or what it is about where there is none.</param>
/// <param name="Text">What it is, and what to do about it.</param>
/// <param name="IsSerious">Whether a rule of these is critical: others may get in, or messages cannot.</param>
sealed record StartRisk(string Rules, string Text, bool IsSerious = false)
{
    public override string ToString() => $"[{Rules}] {Text}";
}
