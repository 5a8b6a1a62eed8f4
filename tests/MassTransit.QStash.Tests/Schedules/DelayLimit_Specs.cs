using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using QStash.Emulator;
using QStash.Emulator.Snapshots;

namespace MassTransit.QStash.Tests;

/// <summary>
/// A message that is due later than the plan lets QStash keep it.
/// </summary>
public class A_message_for_the_far_future
{
    static readonly QuotaPlan Week = QuotaPlan.None with { MaxDelay = TimeSpan.FromDays(7) };
    static readonly Uri Queue = new("queue:charge-card");

    static Task<Service> StartOrdersAsync(Cloud cloud, Action<IQStashHostConfigurator>? host = null) => cloud.StartServiceAsync("orders", s => s.AddBus(
        x =>
        {
            x.AddQStashMessageScheduler();
            x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card");
        },
        (_, cfg) => cfg.Host(h => host?.Invoke(h))));

    static async Task<T> Schedule<T>(Service service, Func<IMessageScheduler, Task<T>> schedule)
    {
        await using var scope = service.Services.CreateAsyncScope();

        return await schedule(scope.ServiceProvider.GetRequiredService<IMessageScheduler>());
    }

    static IReadOnlyList<MessageSnapshot> Waiting(Cloud cloud) => cloud.Emulator.GetSnapshot().User("defaultUser").Messages;

    [Fact]
    public async Task Is_refused_with_the_limit_of_the_plan()
    {
        await using var cloud = await Cloud.StartAsync(quota: Week);
        var orders = await StartOrdersAsync(cloud);

        var exception = await Assert.ThrowsAsync<MessageException>(() =>
            Schedule(orders, x => x.ScheduleSend(Queue, TimeSpan.FromDays(30), new ChargeCard("42"), Cancellation)));

        Assert.Contains("7.00:00:00", exception.Message, StringComparison.Ordinal);
        Assert.Contains("recurring schedule", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Waiting(cloud));
    }

    [Fact]
    public async Task Is_refused_with_the_limit_also_when_it_is_published_to_many()
    {
        await using var cloud = await Cloud.StartAsync(quota: Week);
        var orders = await StartOrdersAsync(cloud);
        await cloud.StartServiceAsync("zoo", s => s.AddBus(x => x.AddConsumer<Recorder<IAnimal>>()));

        var exception = await Assert.ThrowsAsync<MessageException>(() =>
            Schedule(orders, x => x.SchedulePublish(TimeSpan.FromDays(30), new Dog("Rex"), Cancellation)));

        Assert.Contains("7.00:00:00", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_refused_with_the_limit_the_service_set_itself()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud, h => h.MaxDelay(TimeSpan.FromDays(2)));

        await Schedule(orders, x => x.ScheduleSend(Queue, TimeSpan.FromDays(2), new ChargeCard("42"), Cancellation));
        var exception = await Assert.ThrowsAsync<MessageException>(() =>
            Schedule(orders, x => x.ScheduleSend(Queue, TimeSpan.FromDays(3), new ChargeCard("42"), Cancellation)));

        Assert.Contains("2.00:00:00", exception.Message, StringComparison.Ordinal);
        Assert.Single(Waiting(cloud));
    }

    [Fact]
    public async Task Cannot_have_a_limit_that_is_none()
    {
        await using var cloud = await Cloud.StartAsync();

        var exception = Assert.Throws<ConfigurationException>(() => cloud.Build("orders", s => s.AddBus(null, (_, cfg) => cfg.Host(h => h.MaxDelay(TimeSpan.Zero)))));

        Assert.Contains("QStash:MaxDelay", exception.Message, StringComparison.Ordinal);
    }
}
