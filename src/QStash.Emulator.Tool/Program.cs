using QStash.CommandLine;
using QStash.Emulator.Tool;

// The emulator stops by itself when it gets the signal, and needs no deadline.
return await CommandRunner.RunAsync(
    EmulatorCommand.Create(), "qstash-emulator", EmulatorCommand.WithTwoDashes(args), new() { ProcessTerminationTimeout = null });
