using System.Collections.Concurrent;

namespace MassTransit.QStashTransport.Background;

/// <summary>
/// Works on desired states until QStash matches them. The health check reports those that it does not match yet.
/// </summary>
sealed class Reconciler(TimeProvider timeProvider)
{
    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<IDesiredState, Reconciliation> _states = new();

    public IEnumerable<string> Problems => _states.Keys.SelectMany(state => state.Problems);

    public IEnumerable<string> Notes => _states.Keys.SelectMany(state => state.Notes);

    /// <summary>Starts the work on a state.</summary>
    /// <param name="state">The state. Its work never runs twice at the same time.</param>
    /// <param name="stopping">Ends the work.</param>
    public Reconciliation Start(IDesiredState state, CancellationToken stopping)
    {
        var reconciliation = new Reconciliation();
        _states[state] = reconciliation;
        reconciliation.End = Task.Run(() => Work(state, reconciliation, stopping), CancellationToken.None);

        return reconciliation;
    }

    async Task Work(IDesiredState state, Reconciliation reconciliation, CancellationToken stopping)
    {
        try
        {
            var pause = FirstPause;
            while (await Attempt(state, stopping).ConfigureAwait(false) is var next && next != NextLook.Never)
            {
                reconciliation.Attempted(next.IsDone);

                // After a failed call the pause is real time, even if the bus has another clock, as MassTransit's own retries do.
                if (next.Period is { } period)
                    await Task.Delay(period, timeProvider, stopping).ConfigureAwait(false);
                else
                    await Task.Delay(pause, TimeProvider.System, stopping).ConfigureAwait(false);

                pause = next.IsDone ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }

            reconciliation.Attempted(isDone: true);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        finally
        {
            _states.TryRemove(state, out _);
            reconciliation.Ended();
        }
    }

    static async Task<NextLook> Attempt(IDesiredState state, CancellationToken stopping)
    {
        try
        {
            return await state.ReconcileAsync(stopping).ConfigureAwait(false);
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            LogContext.Debug?.Log(exception, "Something at QStash is not yet as the bus wants it; it will be tried again");

            return NextLook.Soon;
        }
    }
}
