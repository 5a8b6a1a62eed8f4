using MassTransit;
using OrderFlow.Contracts;
using OrderFlow.Running;

namespace OrderFlow.Orders;

public class DailyReportConsumer(FlowTrace trace) : IConsumer<SendDailyReport>
{
    public Task Consume(ConsumeContext<SendDailyReport> context)
    {
        trace.Print("Report", $"sent at {context.SentTime:u}");

        return Task.CompletedTask;
    }
}
