using System.Globalization;
using System.Net;
using QStash.Client;

namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// Cancels messages by a label that only one message and its copies have. So a cancel can be repeated until an answer comes. The client
/// does not repeat it, because it cannot know that a label is unique.
/// </summary>
/// <remarks>
/// Only the token of a scheduled message is known, and QStash finds messages by label only with a filter. Such a cancel is an action of
/// QStash that may take some time, and only a thousand actions may run at a time. So cancels that come together share an action. This class
/// has its own loop for repeats, because the client repeats a failed call only for seconds, and QStash may be busy for minutes.
/// </remarks>
sealed class UniqueLabels(IQStashMessages messages, IQStashBulkActions actions, TimeProvider time)
{
    const int MostCalls = 8;

    // With this many labels the URL has two kilobytes.
    const int MostLabels = 50;

    const int MostFailures = 4;

    static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    // How long to try again while QStash is busy with other actions.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    readonly Lock _gate = new();
    readonly Queue<(string Label, TaskCompletionSource Done)> _waiting = new();
    int _calls;

    /// <summary>Cancels the messages with a label, if there are any left.</summary>
    /// <param name="label">The label.</param>
    /// <param name="cancellationToken">Ends the wait; the messages are still cancelled.</param>
    public Task CancelAsync(string label, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        lock (_gate)
        {
            _waiting.Enqueue((label, done));

            if (_calls == MostCalls)
                return done.Task.WaitAsync(cancellationToken);

            _calls++;
        }

        _ = CancelWaitingAsync();

        return done.Task.WaitAsync(cancellationToken);
    }

    async Task CancelWaitingAsync()
    {
        while (TakeWaiting() is { Count: > 0 } taken)
        {
            try
            {
                await CancelAsync([.. taken.Select(one => one.Label)]).ConfigureAwait(false);
                taken.ForEach(one => one.Done.TrySetResult());
            }
            catch (Exception exception)
            {
                taken.ForEach(one => one.Done.TrySetException(exception));
            }
        }
    }

    List<(string Label, TaskCompletionSource Done)> TakeWaiting()
    {
        List<(string Label, TaskCompletionSource Done)> taken = [];

        lock (_gate)
        {
            while (taken.Count < MostLabels && _waiting.TryDequeue(out var one))
                taken.Add(one);

            if (taken.Count == 0)
                _calls--;
        }

        return taken;
    }

    async Task CancelAsync(IReadOnlyList<string> labels)
    {
        // If an action with the same filter is running, QStash joins the cancel to it, and that action misses messages that were scheduled
        // after it began. A from time before any message was published makes this filter unique, except for its own repeats.
        var from = DateTimeOffset.FromUnixTimeMilliseconds(
            time.GetUtcNow().AddYears(-10).ToUnixTimeMilliseconds()
                + Random.Shared.NextInt64((long)TimeSpan.FromDays(365).TotalMilliseconds));
        var filter = new QStashMessageFilter { Labels = labels, From = from };

        // If QStash joins it anyway, the next cancel after the end of that action is a new one.
        if (!await IsOwnAsync(filter).ConfigureAwait(false))
            await IsOwnAsync(filter).ConfigureAwait(false);
    }

    /// <summary>Runs a cancel.</summary>
    /// <returns>Whether the cancel was a new action, which began after the call.</returns>
    async Task<bool> IsOwnAsync(QStashMessageFilter filter)
    {
        var start = time.GetUtcNow();
        var cancel = await PatientlyAsync(() => messages.StartCancelAsync(filter)).ConfigureAwait(false);

        if (cancel.ActionId is not { } id)
            return true;

        var action = await PatientlyAsync(() => actions.WaitAsync(id)).ConfigureAwait(false);

        var from = filter.From!.Value.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

        return action.Filter.Count > 0
            ? action.Filter.TryGetValue("fromDate", out var values) && values.Contains(from)
            : action.CreatedAt is not { } created || created >= start;
    }

    async Task<T> PatientlyAsync<T>(Func<Task<T>> call)
    {
        var start = time.GetTimestamp();
        var failures = 0;

        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (QStashException exception) when (MayRepeat(exception, time.GetElapsedTime(start), ref failures))
            {
                var reset = exception is QStashRateLimitException limit ? limit.ResetAt - time.GetUtcNow() : null;

                await Task.Delay((reset > TimeSpan.Zero ? reset.Value : wait) + (Random.Shared.NextDouble() * FirstWait), time)
                    .ConfigureAwait(false);
            }
        }
    }

    bool MayRepeat(QStashException exception, TimeSpan elapsed, ref int failures) => exception switch
    {
        QStashBulkActionLimitException or QStashBulkActionRunningException => elapsed < Patience,
        // The daily limit lasts too long to wait for it.
        QStashRateLimitException limit => elapsed < Patience && (limit.ResetAt is not { } reset || reset - time.GetUtcNow() <= LongestWait),
        QStashUnreachableException or { StatusCode: >= HttpStatusCode.InternalServerError } => failures++ < MostFailures,
        _ => false,
    };
}
