using System.CommandLine;
using QStash.Client;
using QStash.CommandLine;

namespace QStash.Tool;

/// <summary><c>qstash publish</c>.</summary>
static class PublishCommand
{
    static readonly Column<QStashReceipt>[] Columns =
    [
        new("Message id", static receipt => receipt.MessageId),
        new("Destination", static receipt => receipt.Url),
        new("Deduplicated", static receipt => receipt.Deduplicated),
    ];

    public static Command Create(Connection connection)
    {
        var destination = new Argument<string>("destination") { Description = "A URL, or the name of a URL group." };
        var at = CheckedOption.Create<DateTimeOffset?>("--not-before", "time", "when to deliver it, for example 2026-01-31T10:00Z",
            "a time such as 2026-01-31T10:00Z (UTC by default)", static text => Times.Parse(text));
        var id = new Option<string>("--deduplication-id") { HelpName = "id",
            Description = "a second message with this id is not accepted again" };
        var content = new Option<bool>("--deduplicate-by-content")
        {
            Description = "a second message with the same content is not accepted again",
        };
        var options = new DeliveryOptions();
        var command = new Command("publish", "Publishes a message.") { destination, at, id, content };
        options.AddTo(command);
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            var body = await options.BodyAsync(call, cancellation);
            var receipts = await client.PublishAsync(
                new QStashMessage(options.Read(call))
                {
                    Destination = call.GetValue(destination)!,
                    Body = body,
                    ContentType = options.ContentType(call, body),
                    NotBefore = call.GetValue(at),
                    DeduplicationId = call.GetValue(id),
                    ContentBasedDeduplication = call.GetValue(content),
                    Queue = options.Queue(call),
                },
                cancellation);
            printer.List(Columns, receipts);
            return 0;
        }));
        return command;
    }
}
