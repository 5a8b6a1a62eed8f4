// Usage: dotnet run -c Release --project tests/MassTransit.QStash.Soak [-- --orders 100000 --kills 60 --seed 1 --minutes 30]
// Runs orders through two services and an emulator that are killed, and judges whether one was lost. Exits with 0 when none was.

using MassTransit.QStash.Soak;

return await SoakCommand.Create().Parse(args).InvokeAsync();
