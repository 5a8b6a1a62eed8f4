namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/dead-letters.md.</summary>
static class DeadLetters
{
    sealed record ChargeCard(string OrderId);

    public static async Task ReadAndReplay(IQStashDeadLetters deadLetters)
    {
        var query = new QStashDeadLetterQuery
        {
            EndpointName = "charge-card",
            MessageType = typeof(ChargeCard),
            Reason = "fault",
            From = DateTimeOffset.UtcNow.AddDays(-1),
        };

        await foreach (var message in deadLetters.ListAsync(query))
        {
            if (message.TryGetMessage<ChargeCard>(out var charge))
                Console.WriteLine($"{message.DlqId}: order {charge.OrderId}, {message.Reason?.Message}");
        }

        await deadLetters.ReplayAsync(query);
    }
}
