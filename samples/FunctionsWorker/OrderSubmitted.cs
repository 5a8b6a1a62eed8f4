namespace FunctionsWorker;

public sealed record OrderSubmitted(Guid OrderId);
