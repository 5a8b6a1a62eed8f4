namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// The services of a bus that its schedulers need. It is also a payload of its receive endpoints, for the scheduler that consumers use.
/// </summary>
/// <param name="Labels">Cancels messages.</param>
/// <param name="Recurring">Deploys recurring messages.</param>
/// <param name="Topology">Knows where messages are published to.</param>
/// <param name="Time">The clock of the bus.</param>
sealed record SchedulingServices(UniqueLabels Labels, RecurringSchedules Recurring, IBusTopology Topology, TimeProvider Time);
