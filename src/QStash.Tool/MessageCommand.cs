using System.CommandLine;
using QStash.Client;

namespace QStash.Tool;

/// <summary><c>qstash messages</c>.</summary>
static class MessageCommand
{
    public static Command Create()
    {
        var connection = new Connection();
        var command = new Command("messages", "Messages that wait for their delivery or for a retry.")
        {
            Deliver(connection),
            Cancel(connection),
            Actions(connection),
        };
        connection.AddTo(command);
        return command;
    }

    static Command Deliver(Connection connection)
    {
        var ids = new Argument<string[]>("id") { Description = "Ids of messages.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("deliver", "Delivers messages now that wait for their delay or for a retry.") { ids };
        command.SetAction((call, cancellation) => connection.UseAsync(call, async client =>
        {
            var missing = 0;
            foreach (var id in call.GetValue(ids)!)
            {
                if (await client.Messages.DeliverNowAsync(id, cancellation))
                {
                    Console.WriteLine($"{id} is delivered now");
                    continue;
                }

                missing++;
                await Console.Error.WriteLineAsync($"No message {id} is waiting.");
            }

            return missing == 0 ? 0 : 1;
        }));
        return command;
    }

    static Command Cancel(Connection connection)
    {
        var ids = new Argument<string[]>("id") { Description = "Ids of messages.", Arity = ArgumentArity.ZeroOrMore };
        Option<string[]> to = new("--to") { HelpName = "url", Description = "complete destination URL" };
        Option<string[]> group = new("--group") { HelpName = "name", Description = "URL group it was published to" };
        Option<string[]> queue = new("--queue") { HelpName = "name", Description = "queue it is in" };
        Option<string[]> label = new("--label") { HelpName = "label", Description = "label of the message" };
        Option<bool> noWait = new("--no-wait") { Description = "do not wait for the end; print the id of the action" };
        Option[] filters = [to, group, queue, label];
        var command = new Command("cancel", "Cancels messages. Say which: ids, or options that choose.") { ids, to, group, queue, label, noWait };
        // An empty choice must not become everything.
        command.Validators.Add(result =>
        {
            if (result.GetValue(ids) is { Length: > 0 } == Array.Exists(filters, option => result.GetResult(option) is not null))
                result.AddError("Say what to cancel: ids, or options that choose, and only one of these.");
        });
        command.SetAction((call, cancellation) => connection.UseAsync(call, async client =>
        {
            var started = await client.Messages.StartCancelAsync(
                new QStashMessageFilter
                {
                    MessageIds = call.GetValue(ids) ?? [],
                    Urls = call.GetValue(to) ?? [],
                    UrlGroups = call.GetValue(group) ?? [],
                    Queues = call.GetValue(queue) ?? [],
                    Labels = call.GetValue(label) ?? [],
                },
                cancellation);
            if (started.ActionId is not { } action)
            {
                Console.WriteLine($"{started.Cancelled} cancelled");
                return 0;
            }

            if (call.GetValue(noWait))
            {
                Console.WriteLine($"{action} cancels {started.Cancelled}");
                return 0;
            }

            await client.BulkActions.WaitAsync(action, cancellation);
            Console.WriteLine($"{started.Cancelled} cancelled");
            return 0;
        }));
        return command;
    }

    static Command Actions(Connection connection)
    {
        Option<bool> running = new("--running") { Description = "only those that are in progress" };
        var command = new Command("actions", "Lists the cancels by filter of the last seven days: id, state, time, how many of how many, filter.") { running };
        command.SetAction((call, cancellation) => connection.UseAsync(call, async client =>
        {
            var state = call.GetValue(running) ? QStashBulkActionState.InProgress : (QStashBulkActionState?)null;
            await foreach (var action in client.BulkActions.ListAllAsync(state, cancellation))
                Console.WriteLine(Line(action));

            return 0;
        }));
        return command;
    }

    static string Line(QStashBulkAction action)
    {
        var filter = string.Join(' ', action.Filter.SelectMany(one => one.Value.Select(value => $"{one.Key}={Uri.EscapeDataString(value)}")));
        var state = action.State == QStashBulkActionState.Finished ? "finished" : "running ";
        return $"{action.ActionId}  {state}  {action.CreatedAt:u}  {action.Processed}/{action.Total}  {filter}";
    }
}
