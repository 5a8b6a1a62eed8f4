// Usage: dotnet run -c Release --project tests/MassTransit.QStash.Soak [-- --orders 100000 --kills 60 --seed 1 --minutes 30]
// Runs orders through two services and an emulator that are killed, and judges whether one was lost. Exits with 0 when none was.

using MassTransit.QStash.Soak;
using QStash.CommandLine;

// Ctrl+C ends the run, which takes what it started with it.
return await CommandRunner.RunAsync(SoakCommand.Create(), "dotnet run --project tests/MassTransit.QStash.Soak --", args, new() { ProcessTerminationTimeout = null });
