using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/scheduling.md.</summary>
static class Scheduling
{
    sealed record PaymentReminder(Guid OrderId);

    public static void SetUp(IServiceCollection services)
    {
        services.AddMassTransit(x =>
        {
            x.AddQStashMessageScheduler();           // IMessageScheduler and IRecurringMessageScheduler

            x.UsingQStash((context, cfg) =>
            {
                cfg.UseQStashMessageScheduler();     // context.ScheduleSend, sagas, UseScheduledRedelivery
                cfg.ConfigureEndpoints(context);
            });
        });
    }

    public static async Task Use(IMessageScheduler scheduler, Guid orderId)
    {
        var reminder = await scheduler.SchedulePublish(TimeSpan.FromDays(3), new PaymentReminder(orderId));

        await scheduler.CancelScheduledSend(reminder.Destination, reminder.TokenId);
    }

    public static void Limit(IQStashBusFactoryConfigurator cfg)
    {
        cfg.Host(h => h.MaxDelay(TimeSpan.FromDays(7)));
    }
}
