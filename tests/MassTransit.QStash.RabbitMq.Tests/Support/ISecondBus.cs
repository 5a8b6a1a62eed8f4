namespace MassTransit.QStash.RabbitMq.Tests.Support;

public interface ISecondBus : IBus;
