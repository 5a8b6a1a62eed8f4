using System.CommandLine;
using QStash.Client;

namespace QStash.Tool;

/// <summary><c>qstash messages</c>.</summary>
static class MessageCommand
{
    static readonly Column<QStashMessageInfo>[] Columns =
    [
        new("Message", static message => message.MessageId),
        new("Method", static message => message.Method),
        new("Destination", static message => message.Url),
        new("Group", static message => message.UrlGroup),
        new("Queue", static message => message.Queue),
        new("Schedule", static message => message.ScheduleId),
        new("Flow key", static message => message.FlowControlKey),
        new("Labels", static message => message.Labels),
        new("Published", static message => message.CreatedAt),
        new("Not before", static message => message.NotBefore),
        new("Retries", static message => message.MaxRetries),
        new("Retry delay", static message => message.RetryDelayExpression),
        new("Callback", static message => message.Callback),
        new("Failure callback", static message => message.FailureCallback),
        new("Headers", static message => message.Headers),
        new("Body", static message => message.Body),
    ];

    public static Command Create(Connection connection) => new("messages", "Messages that wait for their delivery or for a retry.")
    {
        Commands.Show(
            connection, "get", "Shows a message that is still on its way.", Commands.Id("id", "Id of a message."),
                "message on its way with the id", Columns,
            static (client, id, cancellation) => client.Messages.GetAsync(id, cancellation)),
        Deliver(connection),
        Cancel(connection),
        ActionCommand.List(connection, "actions"),
    };

    static Command Deliver(Connection connection)
    {
        var ids = Commands.Ids("id", "Ids of messages.");
        var command = new Command("deliver", "Delivers messages now that wait for their delay or for a retry.") { ids };
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            var missing = 0;
            foreach (var id in call.GetValue(ids)!)
            {
                if (await client.Messages.DeliverNowAsync(id, cancellation))
                {
                    printer.Done(id, "is delivered now");
                    continue;
                }

                missing++;
                await Console.Error.WriteLineAsync($"No message {Values.Visible(id)} is waiting.");
            }

            return missing == 0 ? 0 : 1;
        }));
        return command;
    }

    static Command Cancel(Connection connection)
    {
        Argument<string[]> ids = new("id") { Description = "Ids of messages.", Arity = ArgumentArity.ZeroOrMore };
        Option<string[]> to = new("--to") { HelpName = "url", Description = "complete destination URL" };
        Option<string[]> group = new("--group") { HelpName = "name", Description = "URL group it was published to" };
        Option<string[]> queue = new("--queue") { HelpName = "name", Description = "queue it is in" };
        Option<string[]> label = new("--label") { HelpName = "label", Description = "label of the message" };
        Option<bool> noWait = new("--no-wait") { Description = "print the id of the action, and do not wait for its end" };
        Option[] filters = [to, group, queue, label];
        var command = new Command("cancel", "Cancels messages. Say which: ids, or options that choose.") { ids, to, group, queue, label,
            noWait };
        // An empty choice must not become everything.
        command.Validators.Add(result =>
        {
            if (result.GetValue(ids) is { Length: > 0 } == Array.Exists(filters, option => result.GetResult(option) is not null))
                result.AddError("Say what to cancel: ids, or options that choose, and only one of these.");
        });
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            if (call.GetValue(ids) is { Length: > 0 } given)
            {
                return await Commands.EachAsync(
                    printer, given, "message on its way with the id", async id =>
                        await client.Messages.CancelAsync(id, cancellation) ? "cancelled" : null, cancellation);
            }

            var started = await client.Messages.StartCancelAsync(
                new QStashMessageFilter
                {
                    Urls = call.GetValue(to) ?? [],
                    UrlGroups = call.GetValue(group) ?? [],
                    Queues = call.GetValue(queue) ?? [],
                    Labels = call.GetValue(label) ?? [],
                },
                cancellation);
            var count = started.Cancelled.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (started.ActionId is not { } action)
            {
                printer.Done(count, "cancelled");
                return 0;
            }

            if (call.GetValue(noWait))
            {
                printer.Done(action, $"cancels {count}");
                return 0;
            }

            await client.BulkActions.WaitAsync(action, cancellation);
            printer.Done(count, "cancelled");
            return 0;
        }));
        return command;
    }
}
