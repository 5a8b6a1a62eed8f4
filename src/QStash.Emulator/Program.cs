using QStash.Emulator.Standalone;

return await CommandLine.RunAsync(args);
