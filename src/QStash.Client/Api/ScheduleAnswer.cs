namespace QStash.Client;

sealed record ScheduleAnswer
{
    public required string ScheduleId { get; init; }
}
