using MassTransit.Scheduling;

namespace OrderFlow.Time;

/// <summary>
/// A schedule that is made at run time, as one is for each warehouse.
/// </summary>
public class NightlyCount : DefaultRecurringSchedule
{
    public const string Group = "warehouses";

    public NightlyCount(string warehouse)
    {
        ScheduleGroup = Group;
        ScheduleId = warehouse;
        CronExpression = "0 30 2 * * ?";
        TimeZoneId = "Europe/Berlin";
    }
}
