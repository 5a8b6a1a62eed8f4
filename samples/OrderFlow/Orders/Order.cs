namespace OrderFlow.Orders;

/// <summary>What a customer posts to <c>/orders</c>.</summary>
public record Order(decimal Total, string CardNumber);
