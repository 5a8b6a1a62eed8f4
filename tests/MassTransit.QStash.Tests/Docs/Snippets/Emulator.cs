using QStash.Emulator;
using QStash.Emulator.Faults;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/emulator.md.</summary>
static class Emulator
{
    public static async Task Durable()
    {
        await using var emulator = await QStashEmulator.StartAsync(new QStashEmulatorOptions { DataPath = "qstash.db" });
    }

    public static async Task Clock()
    {
        var clock = new VirtualClock();                  // stands still at 2026-01-01; VirtualClock.RealTime() runs
        await using var emulator = await QStashEmulator.StartAsync(new QStashEmulatorOptions { TimeProvider = clock });
        await emulator.AdvanceAsync(TimeSpan.FromMinutes(40));
        emulator.Clock!.Scale = 60;
        emulator.Clock.Resume();
    }

    public static void Fault(QStashEmulator emulator)
    {
        var fault = emulator.Faults.Add(new FaultRule(FaultAction.DropAnswer) { Destination = "https://billing.example/*", Count = 1 });
        // …
        Assert.Equal(1, fault.Hits);
        emulator.Faults.Clear();
    }

    public static async Task State(QStashEmulator emulator, CancellationToken cancellationToken)
    {
        await emulator.WaitUntilIdleAsync(cancellationToken);
        Assert.Empty(emulator.GetSnapshot().User("defaultUser").DeadLetters);
        await emulator.ResetAsync(clock: true, cancellationToken);
    }
}
