namespace MassTransit.QStash.RabbitMq.Tests.Support;

public record Order(string Id);
