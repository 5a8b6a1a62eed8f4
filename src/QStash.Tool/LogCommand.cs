using System.CommandLine;
using QStash.Client;
using QStash.CommandLine;

namespace QStash.Tool;

/// <summary><c>qstash logs</c>.</summary>
static class LogCommand
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    static readonly int[] Widths = [20, 16, 36, 6, 40, 0];

    static readonly Column<QStashLogEntry>[] Columns =
    [
        new("Time", static entry => entry.Time),
        new("State", static entry => Name(entry.State)),
        new("Message", static entry => entry.MessageId),
        new("Status", static entry => entry.ResponseStatus),
        new("Destination", static entry => entry.Url),
        new("Reason", static entry => entry.State == QStashMessageState.Error ? Reasons.Of(entry.ResponseBody) ?? entry.Error : null),
        new("Next attempt", static entry => entry.NextDelivery, InTable: false),
        new("Group", static entry => entry.UrlGroup, InTable: false),
        new("Queue", static entry => entry.Queue, InTable: false),
        new("Schedule", static entry => entry.ScheduleId, InTable: false),
        new("Labels", static entry => entry.Labels, InTable: false),
    ];

    public static Command Create(Connection connection)
    {
        Option<string[]> message = new("--message") { HelpName = "id", Description = "id of a message" };
        Option<string[]> to = new("--to") { HelpName = "url", Description = "complete destination URL" };
        Option<string[]> group = new("--group") { HelpName = "name", Description = "URL group it was published to" };
        Option<string[]> queue = new("--queue") { HelpName = "name", Description = "queue it was in" };
        Option<string[]> schedule = new("--schedule") { HelpName = "id", Description = "schedule it came from" };
        Option<string[]> label = new("--label") { HelpName = "label", Description = "label of the message" };
        Option<string[]> flow = new("--flow-key") { HelpName = "key", Description = "flow control key of the message" };
        var states = Enum.GetValues<QStashMessageState>()
            .Where(static one => one != QStashMessageState.Unknown).ToDictionary(Name, StringComparer.OrdinalIgnoreCase);
        var takes = string.Join(", ", states.Keys);
        var state = CheckedOption.Create<QStashMessageState?>("--state", "state", takes, takes, text =>
            states.TryGetValue(text, out var found) ? found : null);
        state.CompletionSources.Add([.. states.Keys]);
        var (since, until) = (Times.Create("--since", "not before this time"), Times.Create("--until", "not after this time"));
        Option<bool> follow = new("--follow", "-f") { Description = "go on with what happens from now on, until Ctrl+C" };
        var count = DeliveryOptions.Number("--count", "how many entries at most").WithDefault(100);
        var command = new Command("logs", "What happened to messages, newest first.") { message, state, to, group, queue, schedule, label,
            flow, since, until, count, follow };
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            QStashLogFilter Filter(DateTimeOffset? from) => new()
            {
                MessageIds = call.GetValue(message) ?? [],
                State = call.GetValue(state),
                Urls = call.GetValue(to) ?? [],
                UrlGroups = call.GetValue(group) ?? [],
                Queues = call.GetValue(queue) ?? [],
                ScheduleIds = call.GetValue(schedule) ?? [],
                Labels = call.GetValue(label) ?? [],
                FlowControlKeys = call.GetValue(flow) ?? [],
                From = from,
                To = call.GetValue(until),
            };
            if (call.GetValue(follow))
                return await FollowAsync(client, printer, Filter, call.GetValue(since), cancellation);

            var most = call.GetValue(count) ?? 100;
            var entries = await client.Logs.ListAllAsync(Filter(call.GetValue(since)), cancellation)
                .Take(most + 1).ToListAsync(cancellation);
            if (entries.Count == 0 && call.GetValue(message) is { Length: > 0 } ids)
                return await Commands.MissingAsync("entry of message", string.Join(", ", ids));

            printer.List(Columns, [.. entries.Take(most)]);
            if (entries.Count > most)
                await Console.Error.WriteLineAsync($"There are more than {most}; --count shows more.");

            return 0;
        }));
        return command;
    }

    /// <summary>Asks every second for new entries. It starts from the newest entry, because times are by QStash's clock.</summary>
    static async Task<int> FollowAsync(
        IQStashClient client, Printer printer, Func<DateTimeOffset?, QStashLogFilter> filter, DateTimeOffset? since,
            CancellationToken cancellation)
    {
        HashSet<(DateTimeOffset?, string, QStashMessageState)> seen = [];
        var from = since;
        if (from is null)
        {
            var newest = await client.Logs.ListAsync(filter(null), count: 100, cancellationToken: cancellation);
            from = newest.Items.Count > 0 ? newest.Items[0].Time : null;
            seen.UnionWith(newest.Items.Where(entry => entry.Time == from).Select(Key));
        }

        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                var entries = await client.Logs.ListAllAsync(filter(from), cancellation).ToListAsync(cancellation);
                entries.Reverse();
                foreach (var entry in entries.Where(entry => seen.Add(Key(entry))))
                    printer.Stream(Columns, entry, Widths);

                from = entries.Select(static entry => entry.Time).Append(from).Max();
                seen.RemoveWhere(entry => entry.Item1 < from);
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException)
        {
            // It was told to stop.
        }

        return 0;
    }

    static (DateTimeOffset?, string, QStashMessageState) Key(QStashLogEntry entry) => (entry.Time, entry.MessageId, entry.State);

    static string Name(QStashMessageState state) => state switch
    {
        QStashMessageState.CancelRequested => "cancel-requested",
        QStashMessageState.InProgress => "in-progress",
        _ => state.ToString().ToLowerInvariant(),
    };
}
