using System.CommandLine;
using System.Globalization;
using QStash.Client;
using QStash.CommandLine;

namespace QStash.Tool;

/// <summary><c>qstash dlq</c>.</summary>
static class DeadLetterCommand
{
    static readonly Column<QStashDeadLetter>[] Columns =
    [
        new("Dead letter", static letter => letter.DlqId),
        new("Status", static letter => letter.ResponseStatus == 0 ? "no answer"
            : letter.ResponseStatus.ToString(CultureInfo.InvariantCulture)),
        new("Published", static letter => letter.CreatedAt),
        new("Destination", static letter => letter.Url),
        new("Message", static letter => letter.MessageId),
        new("Reason", static letter => Reasons.Of(letter)),
        new("Method", static letter => letter.Method, InTable: false),
        new("Group", static letter => letter.UrlGroup, InTable: false),
        new("Queue", static letter => letter.Queue, InTable: false),
        new("Schedule", static letter => letter.ScheduleId, InTable: false),
        new("Flow key", static letter => letter.FlowControlKey, InTable: false),
        new("Labels", static letter => letter.Labels, InTable: false),
        new("Retries", static letter => letter.MaxRetries, InTable: false),
    ];

    static readonly Column<QStashDeadLetter>[] Details =
    [
        .. Columns,
        new("Request", static letter => $"{letter.Method} {letter.Url}"),
        new("Headers", static letter => letter.Headers),
        new("Body", static letter => letter.Body),
        new("Answer headers", static letter => letter.ResponseHeaders),
        new("Answer body", static letter => letter.ResponseBody),
    ];

    public static Command Create(Connection connection)
    {
        var command = new Command("dlq", "Messages that failed for good.")
        {
            List(connection),
            Commands.Show(
                connection, "show", "Shows a dead letter: the message and the last answer.",
                    Commands.Id("id", "Id of a dead letter, as list shows it."), "dead letter", Details,
                static (client, id, cancellation) => client.DeadLetterQueue.GetAsync(id, cancellation)),
            Each(connection, "retry", "Publishes dead letters again, as new messages, and removes them.", static async (dlq, id) =>
                "now " + (await dlq.RetryAsync(id)).MessageId),
            Each(connection, "delete", "Deletes dead letters.", static async (dlq, id) => await dlq.DeleteAsync(id) ? "deleted" : null),
        };
        return command;
    }

    static Command List(Connection connection)
    {
        var selection = new DeadLetterSelection();
        var count = CheckedOption.Create<int>(
            "--count", "number", "how many at most", "a number from 1",
            static text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
                : null).WithDefault(100);
        var command = new Command("list", "Lists dead letters, newest first.");
        selection.AddTo(command);
        command.Add(count);
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            var most = call.GetValue(count);
            var letters = await selection.FindAsync(call, client).Take(most + 1).ToListAsync(cancellation);
            printer.List(Columns, [.. letters.Take(most)]);
            if (letters.Count > most)
                await Console.Error.WriteLineAsync($"There are more than {most}; --count shows more.");

            return 0;
        }));
        return command;
    }

    /// <summary>A command that acts on the dead letters that it has listed, one after the other. Later ones stay.</summary>
    /// <param name="connection">The connection to QStash.</param>
    /// <param name="name">Name of the command.</param>
    /// <param name="description">What it does.</param>
    /// <param name="act">Acts on one dead letter and returns what was done; <see langword="null"/> when there is none with the id.</param>
    static Command Each(Connection connection, string name, string description, Func<IQStashDeadLetterQueue, string, Task<string?>> act)
    {
        var ids = new Argument<string[]>("id")
        {
            Description = "Ids of dead letters, as list shows them.",
            Arity = ArgumentArity.ZeroOrMore
        };
        var all = new Option<bool>("--all") { Description = "all there are" };
        var selection = new DeadLetterSelection();
        var command = new Command(name, description + " Say which: ids, options that choose (try them with list), or --all.") { ids, all };
        selection.AddTo(command);
        // An empty choice must not become everything.
        command.Validators.Add(result =>
        {
            bool[] given = [result.GetValue(ids) is { Length: > 0 }, result.GetValue(all), !selection.IsEmpty(result)];
            if (given.Count(one => one) != 1)
                result.AddError($"Say what to {name}: ids, options that choose, or --all, and only one of these.");
        });
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            var targets = call.GetValue(ids)!;
            if (targets.Length == 0)
                targets = await selection.FindAsync(call, client).Select(letter => letter.DlqId).ToArrayAsync(cancellation);

            return await Commands.EachAsync(printer, targets, "dead letter", id => act(client.DeadLetterQueue, id), cancellation);
        }));
        return command;
    }
}
