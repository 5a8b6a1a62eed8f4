using QStash.Emulator.Delivery;
using QStash.Emulator.Faults;
using QStash.Emulator.Snapshots;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Control;

/// <summary>The functions that only the emulator has, and not QStash. The control surface and the .NET type both use it.</summary>
sealed class EmulatorControl(Dispatcher dispatcher, AccountRegistry accounts, TimeProvider time)
{
    /// <summary>
    /// A reset that frees less than this does not collect garbage, because tests reset often and a collection takes time.
    /// </summary>
    const long WorthCollecting = 32 * 1024 * 1024;

    /// <summary>About what a message takes besides its body.</summary>
    const int MessageBytes = 1024;

    public FaultRules Faults => dispatcher.Faults;

    public VirtualClock? Clock => time as VirtualClock;

    public Task WaitUntilIdleAsync(CancellationToken cancellationToken) => dispatcher.Scheduler.WhenIdleAsync(cancellationToken);

    /// <summary>Moves the clock from due time to due time, and waits at each until nothing is left to do.</summary>
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
        // An idle process would not release the memory by itself.
        if (bytes > WorthCollecting)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    public EmulatorSnapshot GetSnapshot()
    {
        // Take all users at the same moment, so that their numbers are consistent.
        EmulatorSnapshot? snapshot = null;
        WithAllGates(() => snapshot = new EmulatorSnapshot(
            ClockSnapshot.Of(time),
            [.. Faults.All.Select(FaultSnapshot.Of)],
            [.. accounts.All.Select(account => UserSnapshot.Of(account, dispatcher.Scheduler.Now))]));
        return snapshot!;
    }

    /// <summary>Takes all gates. Other code takes only one, so no deadlock is possible.</summary>
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
