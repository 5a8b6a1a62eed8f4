// Usage: dotnet run -c Release --project tests/QStash.Emulator.Benchmarks [-- [--quick] [scenario …]]
// Prints figures of the emulator with their goals; how fast depends on the machine, what is in the memory does not.

using System.Diagnostics;
using QStash.Emulator.Benchmarks;
using QStash.Emulator.Benchmarks.Scenarios;

if (args is [DelayedMessages.StartAgain, var path])
{
    await DelayedMessages.StartAgainAsync(path);
    return 0;
}

Dictionary<string, IScenario> scenarios = new()
{
    ["deliveries"] = new Deliveries(),
    ["delayed"] = new DelayedMessages(),
    ["delivered"] = new DeliveredMessages(),
    ["queue"] = new LongQueue(),
    ["advance"] = new ClockAdvance(),
    ["start"] = new FirstMessage(),
};

var quick = args.Contains("--quick");
string[] wanted = [.. args.Where(argument => argument != "--quick")];
if (wanted.Except(scenarios.Keys).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"There is no scenario {unknown}, only {string.Join(", ", scenarios.Keys)}.");
    return 2;
}

if (wanted is [var only])
{
    await scenarios[only].RunAsync(quick ? 0.1 : 1);
    return 0;
}

Print.Machine();
foreach (var name in wanted is [] ? [.. scenarios.Keys] : wanted)
{
    // Each in a process of its own, so that nobody finds the memory of the one before.
    using var process = Process.Start(Environment.ProcessPath!, quick ? [name, "--quick"] : [name]);
    await process.WaitForExitAsync();
    if (process.ExitCode != 0)
        return process.ExitCode;
}

return 0;
