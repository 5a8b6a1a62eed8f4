using System.CommandLine;
using QStash.Client;

namespace QStash.Tool;

/// <summary><c>qstash flow</c>.</summary>
static class FlowCommand
{
    static readonly Column<QStashFlowControlKey>[] Columns =
    [
        new("Key", static key => key.Key),
        new("Paused", static key => key.IsPaused),
        new("Waiting", static key => key.WaitListSize),
        new("In parallel", static key => key.ParallelismMax is > 0 ? $"{key.ParallelismCount} of {key.ParallelismMax}" : null),
        new("Started", static key => key.RateMax is > 0 ? $"{key.RateCount} of {key.RateMax}" : null),
        new("Period", static key => key.RateMax is > 0 ? key.RatePeriod : null),
        new("Pinned", static key => new[] { key.IsPinnedParallelism ? "parallelism" : null,
            key.IsPinnedRate ? "rate" : null }.OfType<string>()),
    ];

    static readonly Column<QStashGlobalParallelism>[] Global =
    [
        new("Open attempts", static global => global.Count),
        new("At most", static global => global.Max),
    ];

    public static Command Create(Connection connection) => new("flow", "Flow control keys, which limit how fast messages are delivered.")
    {
        List(connection),
        Commands.Show(
            connection, "show", "Shows a flow control key.", Commands.Id("key", "A flow control key."), "flow control key", Columns,
            static (client, key, cancellation) => client.FlowControl.GetAsync(key, cancellation)),
        Each(connection, "pause", "Lets nothing begin.", "paused", static (client, key, cancellation) =>
            client.FlowControl.PauseAsync(key, cancellation)),
        Each(connection, "resume", "Lets messages begin again.", "resumed", static (client, key, cancellation) =>
            client.FlowControl.ResumeAsync(key, cancellation)),
        Pin(connection),
        Each(connection, "unpin", "Lets the next message change the limits again.", "unpinned", static (client, key, cancellation) =>
            client.FlowControl.UnpinAsync(key, cancellationToken: cancellation)),
        Each(connection, "reset", "Begins a new period.", "has a new period", static (client, key, cancellation) =>
            client.FlowControl.ResetRateAsync(key, cancellation)),
        AllAttempts(connection),
    };

    static Command List(Connection connection)
    {
        Option<string> search = new("--search") { HelpName = "text", Description = "a part of the key" };
        var command = new Command("list", "Lists flow control keys.") { search };
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            printer.List(Columns, await client.FlowControl.ListAsync(call.GetValue(search), cancellation));
            return 0;
        }));
        return command;
    }

    static Command Pin(Connection connection)
    {
        var key = Commands.Id("key", "A flow control key.");
        var (parallelism, rate) = (DeliveryOptions.Number("--parallelism", "attempts at a time"),
            DeliveryOptions.Number("--rate", "attempts in a period"));
        var period = DeliveryOptions.Duration("--period", "the period of --rate; one second by default");
        var command = new Command("pin", "Sets limits that messages do not change.") { key, parallelism, rate, period };
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            var limits = new QStashFlowControlSettings
            {
                Key = call.GetValue(key)!,
                Parallelism = call.GetValue(parallelism),
                Rate = call.GetValue(rate),
                Period = call.GetValue(period),
            };
            return await Commands.EachAsync(printer, [limits.Key], "flow control key", async _ =>
            {
                await client.FlowControl.PinAsync(limits, cancellation);
                return "pinned";
            }, cancellation);
        }));
        return command;
    }

    static Command AllAttempts(Connection connection)
    {
        var command = new Command("global", "Shows how many attempts of the account are open, and may be.");
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            printer.Show(Global, await client.FlowControl.GetGlobalParallelismAsync(cancellation));
            return 0;
        }));
        return command;
    }

    static Command Each(Connection connection, string name, string description, string done, Func<IQStashClient, string,
        CancellationToken, Task> act) => Commands.Each(
        connection, name, description, Commands.Ids("key", "Flow control keys."), "flow control key", async (client, key, cancellation) =>
        {
            if (await client.FlowControl.GetAsync(key, cancellation) is null)
                return null;

            await act(client, key, cancellation);
            return done;
        });
}
