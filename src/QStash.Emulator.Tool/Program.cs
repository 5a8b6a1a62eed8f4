using System.CommandLine.Invocation;
using QStash.Emulator.Tool;

var call = EmulatorCommand.Create().Parse(args);
if (call.Action is not ParseErrorAction mistake)
    // It stops by itself when it is told to, without a deadline.
    return await call.InvokeAsync(new() { ProcessTerminationTimeout = null });

mistake.ShowHelp = false;
await call.InvokeAsync();
await Console.Error.WriteLineAsync("qstash-emulator --help lists the options.");
return 2;
