using System.CommandLine;
using QStash.Client;

namespace QStash.Tool;

/// <summary><c>qstash actions</c>: cancels of many messages, which run in the background.</summary>
static class ActionCommand
{
    static readonly Column<QStashBulkAction>[] Columns =
    [
        new("Action", static action => action.ActionId),
        new("State", static action => action.State == QStashBulkActionState.Finished ? "finished" : "running"),
        new("Began", static action => action.CreatedAt),
        new("Ended", static action => action.CompletedAt, InTable: false),
        new("Done", static action => $"{action.Processed}/{action.Total}"),
        new("Filter", static action => string.Join(' ',
            action.Filter.SelectMany(one => one.Value.Select(value => $"{one.Key}={Uri.EscapeDataString(value)}")))),
    ];

    public static Command Create(Connection connection) => new("actions", "Cancels by filter of the last seven days.")
    {
        List(connection, "list"),
        Commands.Show(
            connection, "show", "Shows an action.", Commands.Id("id", "Id of an action."), "action", Columns,
            static (client, id, cancellation) => client.BulkActions.GetAsync(id, cancellation)),
        Commands.Show(
            connection, "wait", "Waits until an action has ended.", Commands.Id("id", "Id of an action."), "action", Columns,
            static async (client, id, cancellation) =>
                await client.BulkActions.GetAsync(id, cancellation) is null ? null : await client.BulkActions.WaitAsync(id, cancellation)),
    };

    public static Command List(Connection connection, string name)
    {
        Option<bool> running = new("--running") { Description = "only those that are in progress" };
        var command = new Command(name, "Lists the cancels by filter of the last seven days.") { running };
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            var state = call.GetValue(running) ? QStashBulkActionState.InProgress : (QStashBulkActionState?)null;
            printer.List(Columns, await client.BulkActions.ListAllAsync(state, cancellation).ToListAsync(cancellation));
            return 0;
        }));
        return command;
    }
}
