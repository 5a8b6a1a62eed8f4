using System.CommandLine;
using QStash.Client;

namespace QStash.Tool;

/// <summary><c>qstash schedules</c>.</summary>
static class ScheduleCommand
{
    static readonly Column<QStashSchedule>[] Columns =
    [
        new("Schedule", static schedule => schedule.ScheduleId),
        new("Cron", static schedule => schedule.Cron),
        new("Paused", static schedule => schedule.IsPaused),
        new("Last run", static schedule => schedule.LastRun),
        new("Next run", static schedule => schedule.NextRun),
        new("Destination", static schedule => schedule.Destination),
        new("Method", static schedule => schedule.Method, InTable: false),
        new("Queue", static schedule => schedule.Queue, InTable: false),
        new("Delay", static schedule => schedule.Delay, InTable: false),
        new("Retries", static schedule => schedule.Retries, InTable: false),
        new("Flow key", static schedule => schedule.FlowControlKey, InTable: false),
        new("Labels", static schedule => schedule.Labels, InTable: false),
        new("Callback", static schedule => schedule.Callback, InTable: false),
        new("Failure callback", static schedule => schedule.FailureCallback, InTable: false),
        new("Created", static schedule => schedule.CreatedAt, InTable: false),
        new("Last states", static schedule => schedule.LastRunStates.Select(static state => $"{state.Key} {state.Value}"), InTable: false),
        new("Error", static schedule => schedule.Error),
        new("Headers", static schedule => schedule.Headers, InTable: false),
        new("Body", static schedule => schedule.Body, InTable: false),
    ];

    public static Command Create(Connection connection) => new("schedules", "Schedules, which publish again and again.")
    {
        List(connection),
        Commands.Show(
            connection, "show", "Shows a schedule.", Commands.Id("id", "Id of a schedule."), "schedule", Columns,
            static (client, id, cancellation) => client.Schedules.GetAsync(id, cancellation)),
        New(connection),
        Each(connection, "pause", "Pauses schedules.", "paused", static (client, id, cancellation) =>
            client.Schedules.PauseAsync(id, cancellation)),
        Each(connection, "resume", "Resumes schedules.", "resumed", static (client, id, cancellation) =>
            client.Schedules.ResumeAsync(id, cancellation)),
        Each(connection, "delete", "Deletes schedules.", "deleted", static (client, id, cancellation) =>
            client.Schedules.DeleteAsync(id, cancellation)),
    };

    static Command List(Connection connection)
    {
        var command = new Command("list", "Lists schedules.");
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            printer.List(Columns, await client.Schedules.ListAsync(cancellation));
            return 0;
        }));
        return command;
    }

    static Command New(Connection connection)
    {
        var destination = Commands.Id("destination", "A URL, or the name of a URL group.");
        Option<string> cron = new("--cron") { HelpName = "expression",
            Description = "when, such as '0 4 * * MON-FRI' or 'CRON_TZ=Europe/Berlin 30 6 * * *'", Required = true };
        Option<string> id = new("--id") { HelpName = "id", Description = "the id; a schedule that has it is replaced" };
        var options = new DeliveryOptions();
        var command = new Command("create", "Creates a schedule, or replaces one.") { destination, cron, id };
        options.AddTo(command);
        command.SetAction((call, cancellation) => connection.UseAsync(call, async (client, printer) =>
        {
            var body = await options.BodyAsync(call, cancellation);
            var created = await client.Schedules.CreateAsync(
                new QStashScheduleDefinition(options.Read(call))
                {
                    Destination = call.GetValue(destination)!,
                    Cron = call.GetValue(cron)!,
                    ScheduleId = call.GetValue(id),
                    Queue = options.Queue(call),
                    Body = body,
                    ContentType = options.ContentType(call, body),
                },
                cancellation);
            printer.Done(created, "created");
            return 0;
        }));
        return command;
    }

    /// <summary>Looks for the schedule first, because QStash accepts some of these calls when there is none.</summary>
    static Command Each(Connection connection, string name, string description, string done, Func<IQStashClient, string,
        CancellationToken, Task> act) => Commands.Each(
        connection, name, description, Commands.Ids("id", "Ids of schedules."), "schedule", async (client, id, cancellation) =>
        {
            if (await client.Schedules.GetAsync(id, cancellation) is null)
                return null;

            await act(client, id, cancellation);
            return done;
        });
}
