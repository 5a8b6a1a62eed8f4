using MassTransit;

namespace Reminders;

public class Order : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }
    public string CurrentState { get; set; } = "";
    public Guid? ReminderToken { get; set; }
}
