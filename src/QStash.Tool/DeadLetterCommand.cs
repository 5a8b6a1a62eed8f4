using System.CommandLine;
using System.Globalization;
using QStash.Client;
using QStash.CommandLine;

namespace QStash.Tool;

/// <summary><c>qstash dlq</c>.</summary>
static class DeadLetterCommand
{
    public static Command Create()
    {
        var connection = new Connection();
        var command = new Command("dlq", "Messages that failed for good.")
        {
            List(connection),
            Show(connection),
            Each(connection, "retry", "Publishes dead letters again, as new messages, and removes them.", static async (dlq, id) => "now " + (await dlq.RetryAsync(id)).MessageId),
            Each(connection, "delete", "Deletes dead letters.", static async (dlq, id) => await dlq.DeleteAsync(id) ? "deleted" : null),
        };
        connection.AddTo(command);
        return command;
    }

    static Command List(Connection connection)
    {
        var selection = new DeadLetterSelection();
        var count = CheckedOption.Create<int>(
            "--count", "number", "how many at most", "a number from 1",
            static text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null).WithDefault(100);
        var command = new Command("list", "Lists dead letters: id, status of the last answer, time of the publish, destination, message id.");
        selection.AddTo(command);
        command.Add(count);
        command.SetAction((call, cancellation) => connection.UseAsync(call, async client =>
        {
            var left = call.GetValue(count);
            await foreach (var letter in selection.FindAsync(call, client).WithCancellation(cancellation))
            {
                if (left-- == 0)
                {
                    await Console.Error.WriteLineAsync($"There are more than {call.GetValue(count)}; --count shows more.");
                    break;
                }

                Console.WriteLine(DeadLetterText.Line(letter));
            }

            return 0;
        }));
        return command;
    }

    static Command Show(Connection connection)
    {
        var id = new Argument<string>("id") { Description = "Id of a dead letter, as list shows it." };
        var command = new Command("show", "Shows a dead letter: the message and the last answer.") { id };
        command.SetAction((call, cancellation) => connection.UseAsync(call, async client =>
        {
            if (await client.DeadLetterQueue.GetAsync(call.GetValue(id)!, cancellation) is { } letter)
            {
                Console.Write(DeadLetterText.Details(letter));
                return 0;
            }

            await Console.Error.WriteLineAsync($"There is no dead letter {call.GetValue(id)}.");
            return 1;
        }));
        return command;
    }

    /// <summary>A command that does something to dead letters, one after the other: what it has listed, not what came meanwhile.</summary>
    /// <param name="connection">Where they are.</param>
    /// <param name="name">Name of the command.</param>
    /// <param name="description">What it does.</param>
    /// <param name="act">Does it to one and says what was done; <see langword="null"/> when there is none of that id.</param>
    static Command Each(Connection connection, string name, string description, Func<IQStashDeadLetterQueue, string, Task<string?>> act)
    {
        var ids = new Argument<string[]>("id") { Description = "Ids of dead letters, as list shows them.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "all there are" };
        var selection = new DeadLetterSelection();
        var command = new Command(name, description + " Say which: ids, options that choose (try them with list), or --all.") { ids, all };
        selection.AddTo(command);
        // An empty choice must not become everything (sharp edge 12).
        command.Validators.Add(result =>
        {
            bool[] given = [result.GetValue(ids) is { Length: > 0 }, result.GetValue(all), !selection.IsEmpty(result)];
            if (given.Count(one => one) != 1)
                result.AddError($"Say what to {name}: ids, options that choose, or --all, and only one of these.");
        });
        command.SetAction((call, cancellation) => connection.UseAsync(call, async client =>
        {
            var targets = call.GetValue(ids)!;
            if (targets.Length == 0)
                targets = await selection.FindAsync(call, client).Select(letter => letter.DlqId).ToArrayAsync(cancellation);

            var missing = 0;
            foreach (var id in targets)
            {
                cancellation.ThrowIfCancellationRequested();
                if (await TryAsync(act, client.DeadLetterQueue, id) is { } done)
                {
                    Console.WriteLine($"{id} {done}");
                    continue;
                }

                missing++;
                await Console.Error.WriteLineAsync($"There is no dead letter {id}.");
            }

            return missing == 0 ? 0 : 1;
        }));
        return command;
    }

    static async Task<string?> TryAsync(Func<IQStashDeadLetterQueue, string, Task<string?>> act, IQStashDeadLetterQueue dlq, string id)
    {
        try
        {
            return await act(dlq, id);
        }
        catch (QStashNotFoundException)
        {
            return null;
        }
    }
}
