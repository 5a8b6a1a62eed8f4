namespace QStashService1.App.Contracts;

/// <summary>Namespace and name are what other services know it by.</summary>
public record OrderSubmitted(string OrderId);
