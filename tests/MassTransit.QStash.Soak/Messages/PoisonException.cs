namespace MassTransit.QStash.Soak.Messages;

/// <summary>An order that will never be billed, however often it is tried.</summary>
sealed class PoisonException() : Exception("The order cannot be billed.");
