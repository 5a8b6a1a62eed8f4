using System.CommandLine;
using QStash.Client;

namespace QStash.Tool;

/// <summary><c>qstash queues</c>.</summary>
static class QueueCommand
{
    static readonly Column<QStashQueue>[] Columns =
    [
        new("Queue", static queue => queue.Name),
        new("Paused", static queue => queue.Paused),
        new("Unfinished", static queue => queue.Lag),
        new("Parallelism", static queue => queue.Parallelism),
        new("Updated", static queue => queue.UpdatedAt),
        new("Created", static queue => queue.CreatedAt, InTable: false),
    ];

    public static Command Create(Connection connection) => new("queues", "Queues, which deliver in order.")
    {
        List(connection),
        Commands.Show(
            connection, "show", "Shows a queue.", Commands.Id("name", "Name of a queue."), "queue", Columns,
            static (client, name, cancellation) => client.Queues.GetAsync(name, cancellation)),
        Set(connection),
        Each(connection, "pause", "Pauses queues.", "paused", static (client, name, cancellation) =>
            client.Queues.PauseAsync(name, cancellation)),
        Each(connection, "resume", "Resumes queues.", "resumed", static (client, name, cancellation) =>
            client.Queues.ResumeAsync(name, cancellation)),
        Each(connection, "delete", "Deletes queues; what waits in them is cancelled.", "deleted", static (client, name, cancellation) =>
            client.Queues.DeleteAsync(name, cancellation)),
    };

    static Command List(Connection connection)
    {
        var command = new Command("list", "Lists queues.");
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            printer.List(Columns, await client.Queues.ListAsync(cancellation));
            return 0;
        }));
        return command;
    }

    static Command Set(Connection connection)
    {
        var name = Commands.Id("name", "Name of a queue; it is made if it does not exist.");
        var parallelism = DeliveryOptions.Number("--parallelism", "how many messages at a time; 1 keeps the order");
        parallelism.Required = true;
        var command = new Command("set", "Makes a queue, or changes it.") { name, parallelism };
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            await client.Queues.UpsertAsync(call.GetValue(name)!, call.GetValue(parallelism) ?? 1, cancellationToken: cancellation);
            printer.Done(call.GetValue(name)!, "set");
            return 0;
        }));
        return command;
    }

    /// <summary>Looks for the queue first, because some of these calls would create it.</summary>
    static Command Each(Connection connection, string name, string description, string done, Func<IQStashClient, string,
        CancellationToken, Task> act) => Commands.Each(
        connection, name, description, Commands.Ids("name", "Names of queues."), "queue", async (client, queue, cancellation) =>
        {
            if (await client.Queues.GetAsync(queue, cancellation) is null)
                return null;

            await act(client, queue, cancellation);
            return done;
        });
}
