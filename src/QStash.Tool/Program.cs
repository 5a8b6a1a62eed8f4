using System.CommandLine;
using QStash.CommandLine;
using QStash.Tool;

var connection = new Connection();
var qstash = new RootCommand($"Looks after QStash, or an emulator of it, over its HTTP API. See {Docs.At("command-line.md")}.")
{
    PublishCommand.Create(connection),
    MessageCommand.Create(connection),
    DeadLetterCommand.Create(connection),
    GroupCommand.Create(connection),
    ScheduleCommand.Create(connection),
    QueueCommand.Create(connection),
    FlowCommand.Create(connection),
    LogCommand.Create(connection),
    ActionCommand.Create(connection),
    KeyCommand.Create(connection),
};
qstash.Add(CompletionCommand.Create(qstash));
connection.AddTo(qstash);
return await CommandRunner.RunAsync(qstash, "qstash", args, new());
