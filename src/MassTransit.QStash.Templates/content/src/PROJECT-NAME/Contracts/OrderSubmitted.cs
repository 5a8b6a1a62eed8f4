namespace QStashService1.App.Contracts;

/// <summary>Other services recognise the message by its namespace and name.</summary>
public record OrderSubmitted(string OrderId);
