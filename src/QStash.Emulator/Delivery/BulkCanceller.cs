using QStash.Emulator.Errors;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

/// <summary>Cancels the messages that match a filter. It works in the background if there are many, or if a fault makes it slow.</summary>
sealed class BulkCanceller(Dispatcher dispatcher, Canceller canceller, TimeProvider time)
{
    const int MaxRunning = 1000;

    // After this many messages other calls get their turn.
    const int Portion = 1000;

    /// <summary>Starts an action, or returns the running one with the same filter. Needs the account's gate.</summary>
    /// <param name="account">The account of the messages.</param>
    /// <param name="filter">The parameters, as the action shows them.</param>
    /// <param name="matches">Whether a message meets them.</param>
    /// <exception cref="ApiException">412 when too many are running.</exception>
    public BulkAction Start(Account account, Dictionary<string, string[]> filter, Func<Message, bool> matches)
    {
        var actions = account.BulkActions;
        actions.DropExpired(dispatcher.Scheduler.Now);
        if (actions.Running.TryGetValue(BulkAction.KeyOf(filter), out var running))
            return running;

        if (actions.Running.Count >= MaxRunning)
        {
            throw new ApiException(
                StatusCodes.Status412PreconditionFailed,
                $"too many bulk actions: {MaxRunning} are in progress, try again when some have finished");
        }

        var messages = account.Messages
            .Where(message => !message.CancelRequested && matches(message))
            .OrderBy(message => message.CreatedAt)
            .ToList();
        var action = actions.Add(filter, messages.Count, dispatcher.Scheduler.Now);
        messages.ForEach(action.Left.Enqueue);
        if (dispatcher.Faults.HitBulkAction(filter.GetValueOrDefault("label") ?? []) is { Rule.Delay: { } delay })
        {
            actions.Save(action);
            RunLater(account, action, delay);
        }
        else if (!Advance(account, action))
        {
            actions.Save(action);
            _ = Task.Run(() => Run(account, action));
        }

        return action;
    }

    /// <summary>Finishes an action that an earlier process began. Needs the account's gate.</summary>
    /// <param name="account">The account of the messages.</param>
    /// <param name="action">What was read from the data file.</param>
    /// <param name="matches">Whether a message meets the action's filter.</param>
    public void Resume(Account account, BulkAction action, Func<Message, bool> matches)
    {
        foreach (var message in account.Messages.Where(message => message.CreatedAt <= action.CreatedAt && matches(message)))
            action.Left.Enqueue(message);

        while (!Advance(account, action))
        {
        }
    }

    void RunLater(Account account, BulkAction action, TimeSpan delay)
    {
        var stopping = dispatcher.Stopping;
        var timer = time.CreateTimer(
            _ =>
            {
                if (!stopping.IsCancellationRequested)
                    Run(account, action);
            },
            null, delay, Timeout.InfiniteTimeSpan);
        stopping.UnsafeRegister(static timer => ((ITimer)timer!).Dispose(), timer);
        _ = action.Finished.ContinueWith(static (_, timer) => ((ITimer)timer!).Dispose(), timer, TaskScheduler.Default);
    }

    void Run(Account account, BulkAction action)
    {
        while (true)
        {
            lock (account.Gate)
            {
                // The account may have been reset in the meantime.
                if (account.BulkActions.Find(action.Id) is null || Advance(account, action))
                    return;
            }
        }
    }

    /// <summary>Cancels a portion of what is left. Needs the account's gate.</summary>
    /// <returns>Whether all messages are cancelled.</returns>
    bool Advance(Account account, BulkAction action)
    {
        for (var count = 0; count < Portion && action.Left.TryDequeue(out var message); count++)
        {
            action.Processed++;
            if (message.Phase != MessagePhase.Finished)
                canceller.Cancel(message);
        }

        if (action.Left.Count > 0)
            return false;

        account.BulkActions.Finish(action, dispatcher.Scheduler.Now);
        return true;
    }
}
