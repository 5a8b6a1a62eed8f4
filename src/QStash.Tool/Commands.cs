using System.CommandLine;
using QStash.Client;

namespace QStash.Tool;

/// <summary>Helpers that several commands share.</summary>
static class Commands
{
    public static Argument<string> Id(string name, string description) => new(name) { Description = description };

    public static Argument<string[]> Ids(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.OneOrMore };

    /// <summary>A command that shows one resource, or says that there is none with that name.</summary>
    public static Command Show<T>(
        Connection connection, string name, string description, Argument<string> id, string kind, IReadOnlyList<Column<T>> columns,
        Func<IQStashClient, string, CancellationToken, Task<T?>> get) where T : class
    {
        var command = new Command(name, description) { id };
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            if (await get(client, call.GetValue(id)!, cancellation) is not { } found)
                return await MissingAsync(kind, call.GetValue(id)!);

            printer.Show(columns, found);
            return 0;
        }));
        return command;
    }

    /// <summary>A command that does something to each of several resources, and continues after one that does not exist.</summary>
    /// <param name="connection">The connection to QStash.</param>
    /// <param name="name">Name of the command.</param>
    /// <param name="description">What it does.</param>
    /// <param name="ids">The ids of the resources.</param>
    /// <param name="kind">What they are, such as <c>queue</c>.</param>
    /// <param name="act">Acts on one resource and returns what was done; <see langword="null"/> when there is none with the id.</param>
    public static Command Each(
        Connection connection, string name, string description, Argument<string[]> ids, string kind, Func<IQStashClient, string,
            CancellationToken, Task<string?>> act)
    {
        var command = new Command(name, description) { ids };
        command.SetAction((call, cancellation) => connection.UseAsync(call, (client, printer) =>
            EachAsync(printer, call.GetValue(ids)!, kind, id => act(client, id, cancellation), cancellation)));
        return command;
    }

    /// <summary>Acts on one resource after the other, and prints a line after each.</summary>
    public static async Task<int> EachAsync(Printer printer, IEnumerable<string> ids, string kind, Func<string, Task<string?>> act,
        CancellationToken cancellation)
    {
        var code = 0;
        foreach (var id in ids)
        {
            cancellation.ThrowIfCancellationRequested();
            if (await TryAsync(act, id) is { } done)
                printer.Done(id, done);
            else
                code = await MissingAsync(kind, id);
        }

        return code;
    }

    public static async Task<int> MissingAsync(string kind, string id)
    {
        await Console.Error.WriteLineAsync($"There is no {kind} {Values.Visible(id)}.");
        return 1;
    }

    static async Task<string?> TryAsync(Func<string, Task<string?>> act, string id)
    {
        try
        {
            return await act(id);
        }
        catch (QStashNotFoundException)
        {
            return null;
        }
    }
}
