namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Something about a bus that is allowed, and may be wrong.
/// </summary>
/// <param name="Text">What it is, and what to do about it.</param>
/// <param name="IsWarning">Whether it is hardly ever meant; else it is what many services live with.</param>
sealed record StartRisk(string Text, bool IsWarning = true);
