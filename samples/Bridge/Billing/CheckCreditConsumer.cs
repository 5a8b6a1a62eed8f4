using Bridge.Contracts;
using Bridge.Running;
using MassTransit;

namespace Bridge.Billing;

/// <summary>Answers a request that was asked on RabbitMQ.</summary>
public sealed class CheckCreditConsumer(Steps steps) : IConsumer<CheckCredit>
{
    public Task Consume(ConsumeContext<CheckCredit> context)
    {
        if (context.Message.Total < 0)
            throw new ArgumentException("The total is negative.");

        steps.Seen(BridgeStep.CreditChecked, context);
        return context.RespondAsync(new CreditApproved(context.Message.Total));
    }
}
