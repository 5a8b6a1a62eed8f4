using MassTransit;

namespace OrderFlow.Time;

public class Payment : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }
    public string CurrentState { get; set; } = "";
    public Guid? OverdueToken { get; set; }
}
