using System.Text;
using QStash.Client;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/failures.md.</summary>
static class Failures
{
    sealed record ChargeCard;

    sealed class ChargeCardConsumer : IConsumer<ChargeCard>
    {
        public Task Consume(ConsumeContext<ChargeCard> context) => Task.CompletedTask;
    }

    public static void Endpoint(IBusRegistrationContext context, IQStashBusFactoryConfigurator cfg)
    {
        cfg.ReceiveEndpoint("charge-card", e =>
        {
            e.UseDelayedRedelivery(r => r.Intervals(TimeSpan.FromMinutes(5), TimeSpan.FromHours(1)));
            e.UseMessageRetry(r => r.Interval(3, TimeSpan.FromSeconds(1)));

            e.ConfigureConsumer<ChargeCardConsumer>(context);
        });
    }

    public static async Task DeadLetters(IQStashClient client)
    {
        foreach (var letter in (await client.DeadLetterQueue.ListAsync(new QStashDeadLetterFilter { ResponseStatuses = [489] })).Items)
        {
            Console.WriteLine($"{letter.Url}: {Encoding.UTF8.GetString(letter.ResponseBody.Span)}");
            await client.DeadLetterQueue.RetryAsync(letter.DlqId);
        }
    }

    public static void ClaimCheck(IQStashBusFactoryConfigurator cfg, IMessageDataRepository repository)
    {
        cfg.UseMessageData(repository);
    }
}
