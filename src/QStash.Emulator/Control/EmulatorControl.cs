using QStash.Emulator.Accounts;
using QStash.Emulator.Delivery;
using QStash.Emulator.Faults;
using QStash.Emulator.Snapshots;

namespace QStash.Emulator.Control;

/// <summary>What can be done to an emulator from outside QStash's API: over HTTP and by its .NET type alike.</summary>
sealed class EmulatorControl(Dispatcher dispatcher, AccountRegistry accounts, TimeProvider time)
{
    public FaultRules Faults => dispatcher.Faults;

    public VirtualClock? Clock => time as VirtualClock;

    public Task WaitUntilIdleAsync(CancellationToken cancellationToken) => dispatcher.Scheduler.WhenIdleAsync(cancellationToken);

    /// <summary>Goes from due time to due time, and waits at each until nothing is left to do.</summary>
    public async Task AdvanceAsync(VirtualClock clock, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await WaitUntilIdleAsync(cancellationToken);
        while (clock.NextTimer is { } next && next <= until)
        {
            cancellationToken.ThrowIfCancellationRequested();
            clock.AdvanceTo(next);
            await WaitUntilIdleAsync(cancellationToken);
        }

        clock.AdvanceTo(until);
        await WaitUntilIdleAsync(cancellationToken);
    }

    public async Task ResetAsync(bool clock, CancellationToken cancellationToken)
    {
        var abandoned = Task.CompletedTask;
        WithAllGates(() =>
        {
            foreach (var account in accounts.All)
                account.Reset();

            abandoned = dispatcher.AbandonAsync();
            Faults.Clear();
            if (clock)
                Clock?.Reset();
        });
        await abandoned;
        await WaitUntilIdleAsync(cancellationToken);
    }

    public EmulatorSnapshot GetSnapshot()
    {
        // All at one moment, so that numbers of several users add up.
        EmulatorSnapshot? snapshot = null;
        WithAllGates(() => snapshot = new EmulatorSnapshot(
            ClockSnapshot.Of(time),
            [.. Faults.All.Select(FaultSnapshot.Of)],
            [.. accounts.All.Select(account => UserSnapshot.Of(account, dispatcher.Scheduler.Now))]));
        return snapshot!;
    }

    /// <summary>Nobody else takes more than one gate, so the order in which they are taken cannot cross another one.</summary>
    void WithAllGates(Action action)
    {
        foreach (var account in accounts.All)
        {
            var inner = action;
            action = () =>
            {
                lock (account.Gate)
                    inner();
            };
        }

        action();
    }
}
