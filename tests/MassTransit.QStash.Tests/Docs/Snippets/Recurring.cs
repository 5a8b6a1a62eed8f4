using MassTransit.Scheduling;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/recurring.md.</summary>
static class Recurring
{
    sealed record SendDailyReport;

    sealed record ImportRates(string Currency);

    sealed record Poll(string Partner);

    public static void Declare(IQStashBusFactoryConfigurator cfg)
    {
        cfg.Schedules(s =>
        {
            s.Cron<SendDailyReport>("daily-report", "0 9 * * *", "Europe/Berlin");
            s.Cron<ImportRates>("import-rates", "*/15 8-18 * * MON-FRI", "Europe/London", x =>
            {
                x.Message(() => new ImportRates("EUR"));
                x.Destination(new Uri("queue:rates"));
                x.ConfigureSend(context => context.UseQStash(d => d.Retries = 5));
            });
            s.RemoveUndeclared();
        });
    }

    public sealed class PollPartner : DefaultRecurringSchedule
    {
        public PollPartner(string partner)
        {
            ScheduleGroup = "partners";
            ScheduleId = partner;
            CronExpression = "0 0/10 * * * ?";
            TimeZoneId = "Europe/Berlin";
        }
    }

    public static async Task Use(IRecurringMessageScheduler scheduler)
    {
        await scheduler.ScheduleRecurringSend(new Uri("queue:partners"), new PollPartner("acme"), new Poll("acme"));

        await scheduler.PauseScheduledRecurringSend("acme", "partners");
        await scheduler.ResumeScheduledRecurringSend("acme", "partners");
        await scheduler.CancelScheduledRecurringSend("acme", "partners");
    }
}
