using QStash.Emulator.Accounts;
using QStash.Emulator.Delivery;
using QStash.Emulator.Faults;
using QStash.Emulator.Snapshots;

namespace QStash.Emulator.Control;

/// <summary>What can be done to an emulator from outside QStash's API: over HTTP and by its .NET type alike.</summary>
sealed class EmulatorControl(Dispatcher dispatcher, AccountRegistry accounts, TimeProvider time)
{
    /// <summary>How much has to be given back for a collection to be worth its time, which tests that reset often would notice.</summary>
    const long WorthCollecting = 32 * 1024 * 1024;

    /// <summary>About what a message takes besides its body.</summary>
    const int MessageBytes = 1024;

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
        var bytes = 0L;
        WithAllGates(() =>
        {
            foreach (var account in accounts.All)
            {
                bytes += account.Log.Bytes + ((account.Messages.Count + account.DeadLetters.Letters.Count) * MessageBytes);
                account.Reset();
            }

            abandoned = dispatcher.AbandonAsync();
            Faults.Clear();
            if (clock)
                Clock?.Reset();
        });
        await abandoned;
        await WaitUntilIdleAsync(cancellationToken);
        // Nothing else would make the process smaller as long as it has nothing to do.
        if (bytes > WorthCollecting)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
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
