namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// What the schedulers of a bus need of it. Also a payload of its receive endpoints, for the scheduler that consumers use.
/// </summary>
/// <param name="Labels">Cancels messages.</param>
/// <param name="Recurring">Keeps recurring messages.</param>
/// <param name="Topology">Knows where messages are published to.</param>
/// <param name="Time">The clock of the bus.</param>
sealed record SchedulingServices(UniqueLabels Labels, RecurringSchedules Recurring, IBusTopology Topology, TimeProvider Time);
