namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// A setting of a bus that is allowed but may be a mistake.
/// </summary>
/// <param name="Text">The setting, and what to do about it.</param>
/// <param name="IsWarning">True if it is probably a mistake; false if it is right for many services.</param>
sealed record StartRisk(string Text, bool IsWarning = true);
