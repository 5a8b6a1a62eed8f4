using MassTransit.QStash.Benchmarks.Messages;

namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>Two services with RabbitMQ between them: durable, publisher confirms on, MassTransit's defaults otherwise.</summary>
sealed class RabbitMqFlow(RabbitMqServer server, IBusControl publisher, IBusControl consumer, Countdown consumed) : IOrderFlow
{
    public string Name => "MassTransit.RabbitMQ";

    public IBus Publisher => publisher;

    public Countdown Consumed => consumed;

    public static async Task<RabbitMqFlow> Start()
    {
        var server = await RabbitMqServer.Start();
        var consumed = new Countdown();
        var publisher = Create(server, _ => { });
        var consumer = Create(server, cfg => cfg.ReceiveEndpoint("orders", e => e.Handler<OrderPlaced>(consumed.Consume)));
        await publisher.StartAsync();
        await consumer.StartAsync();

        return new RabbitMqFlow(server, publisher, consumer, consumed);
    }

    public static IBusControl Create(RabbitMqServer server, Action<IRabbitMqBusFactoryConfigurator> configure) => Bus.Factory.CreateUsingRabbitMq(cfg =>
    {
        cfg.Host("127.0.0.1", (ushort)server.Port, "/", h => h.PublisherConfirmation = true);
        cfg.PrefetchCount = 64;
        configure(cfg);
    });

    public async ValueTask DisposeAsync()
    {
        await publisher.StopAsync();
        await consumer.StopAsync();
        await server.DisposeAsync();
    }
}
