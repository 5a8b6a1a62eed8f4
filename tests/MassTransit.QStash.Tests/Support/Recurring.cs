using MassTransit.Scheduling;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// A recurring schedule as MassTransit's users define them.
/// </summary>
sealed class Recurring : DefaultRecurringSchedule
{
    public Recurring(string id, string cronExpression, string? timeZone = "Europe/Berlin", string? group = "reports", DateTimeOffset? start = null, DateTimeOffset? end = null)
    {
        ScheduleId = id;
        ScheduleGroup = group;
        CronExpression = cronExpression;
        TimeZoneId = timeZone;
        StartTime = start ?? StartTime;
        EndTime = end;
    }
}

static class RecurringExtensions
{
    /// <summary>Uses the recurring scheduler of a service, as a request would.</summary>
    public static async Task Recur(this Service service, Func<IRecurringMessageScheduler, Task> use)
    {
        await using var scope = service.Services.CreateAsyncScope();

        await use(scope.ServiceProvider.GetRequiredService<IRecurringMessageScheduler>());
    }
}
