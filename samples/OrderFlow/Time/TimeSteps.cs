using MassTransit;
using OrderFlow.Contracts;
using OrderFlow.Running;
using QStash.Client;

namespace OrderFlow.Time;

/// <summary>
/// Sagas that wait, messages that are cancelled, messages that recur: docs/scheduling.md and docs/recurring.md.
/// </summary>
static class TimeSteps
{
    public static async Task Run(IServiceProvider services, FlowTrace trace)
    {
        var publisher = services.GetRequiredService<IPublishEndpoint>();
        var qstash = services.GetRequiredService<IQStashClient>();

        await publisher.Publish(new AwaitPayment(NewId.NextGuid()));

        await CancelReminder(services.GetRequiredService<IMessageScheduler>(), qstash, trace);
        await PauseRecurringMessage(services.GetRequiredService<IRecurringMessageScheduler>(), qstash, trace);
    }

    static async Task CancelReminder(IMessageScheduler scheduler, IQStashClient qstash, FlowTrace trace)
    {
        var reminder = await scheduler.SchedulePublish(TimeSpan.FromDays(3), new RemindCustomer(NewId.NextGuid()));

        // The token is all that is needed, also in another process.
        await scheduler.CancelScheduledSend(reminder.Destination, reminder.TokenId);

        // It is in a label of the message, and none with it is left.
        if (await qstash.Messages.CancelAsync(new QStashMessageFilter { Labels = [$"mt-{reminder.TokenId:N}"] }) == 0)
            trace.Seen(FlowStep.ReminderCancelled, $"the one with the token {reminder.TokenId}");
    }

    static async Task PauseRecurringMessage(IRecurringMessageScheduler scheduler, IQStashClient qstash, FlowTrace trace)
    {
        await scheduler.ScheduleRecurringSend(new Uri("queue:count-stock"), new NightlyCount("berlin"), new CountStock("Berlin"));
        await scheduler.PauseScheduledRecurringSend("berlin", NightlyCount.Group);

        var schedules = await qstash.Schedules.ListAsync();
        if (schedules.FirstOrDefault(schedule => schedule is { IsPaused: true, Cron: "CRON_TZ=Europe/Berlin 30 2 * * *" }) is { } paused)
            trace.Seen(FlowStep.CountPaused, $"{paused.ScheduleId}, {paused.Cron}");

        await scheduler.CancelScheduledRecurringSend("berlin", NightlyCount.Group);
    }
}
