using System.CommandLine;
using QStash.CommandLine;
using QStash.Tool;

var qstash = new RootCommand("Looks after QStash, or an emulator of it, over its HTTP API.") { DeadLetterCommand.Create(), MessageCommand.Create() };
return await CommandRunner.RunAsync(qstash, "qstash", args, new());
