using MassTransit;
using OrderFlow.Contracts;

namespace OrderFlow.Billing;

public class CreditConsumer : IConsumer<CheckCredit>
{
    public Task Consume(ConsumeContext<CheckCredit> context) => context.RespondAsync(new CreditApproved(context.Message.OrderId));
}
