using MassTransit;

namespace Reminders;

public class SendReminderConsumer : IConsumer<SendReminder>
{
    public Task Consume(ConsumeContext<SendReminder> context) => context.Publish(new ReminderSent(context.Message.OrderId));
}
