using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using QStash.Emulator.Durability;
using QStash.Emulator.Faults;
using QStash.Emulator.Grammar;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

// docs/qstash-contract.md#states
/// <summary>Controls the life of a message: after an attempt it is delivered, retried, given up or cancelled.</summary>
sealed partial class Dispatcher : IAsyncDisposable
{
    readonly TimeProvider _time;
    readonly DeliverySender _sender;
    readonly DeliveryFaults _faults;
    readonly Journal? _journal;
    readonly Func<IReadOnlyDictionary<string, string[]>, Func<Message, bool>> _matches;
    readonly ILogger _logger;
    readonly bool _keepsAnswers;
    CancellationTokenSource _stopping = new();

    /// <param name="options">Where deliveries go, and the limits of the plan.</param>
    /// <param name="journal">Writes what happens to the data file; null without one.</param>
    /// <param name="matches">Makes a filter of the parameters of a bulk action.</param>
    /// <param name="logger">Logs a line for each attempt.</param>
    public Dispatcher(
        QStashEmulatorOptions options,
        Journal? journal,
        Func<IReadOnlyDictionary<string, string[]>, Func<Message, bool>> matches,
        ILogger logger)
    {
        _time = options.TimeProvider;
        _journal = journal;
        _matches = matches;
        _logger = logger;
        // Only the dashboard shows the answers of successful attempts.
        _keepsAnswers = options.EnableDashboard;
        _sender = new DeliverySender(options);
        Scheduler = new DeliveryScheduler(_time, options.Quota.MaxParallelism, Begin);
        Quotas = new Quotas(options.Quota, _time);
        FlowControl = new FlowControl(_time, Scheduler);
        Publisher = new Publisher(Scheduler, Quotas, FlowControl);
        Schedules = new ScheduleTimer(_time, Publisher, logger);
        _faults = new DeliveryFaults(Faults, _sender, _time, message => Scheduler.Schedule(message, Scheduler.Now));
    }

    public FaultRules Faults { get; } = new();

    /// <summary>Cancelled when the emulator is reset or stops.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public DeliveryScheduler Scheduler { get; }

    public Quotas Quotas { get; }

    public FlowControl FlowControl { get; }

    public Publisher Publisher { get; }

    public ScheduleTimer Schedules { get; }

    public async ValueTask DisposeAsync()
    {
        Schedules.Dispose();
        FlowControl.Dispose();
        Scheduler.Dispose();
        _faults.Forget();
        await _stopping.CancelAsync();
        await Scheduler.WhenIdleAsync(CancellationToken.None);
        _sender.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Continues with the messages that an earlier process left.</summary>
    public void Resume(IReadOnlyList<Account> accounts, IReadOnlyList<Resumption> resumptions)
    {
        var canceller = new Canceller(this);
        foreach (var (message, due) in resumptions)
        {
            lock (message.Account.Gate)
            {
                MessageTrace.Begin(message);
                // The open attempt ended with the process, so it failed. The cancellation takes the place of the next one.
                if (message.CancelRequested)
                    canceller.Cancel(message);
                else
                    Scheduler.Schedule(message, due);
            }
        }

        foreach (var account in accounts)
        {
            lock (account.Gate)
            {
                foreach (var action in account.BulkActions.Running.Values.ToList())
                    new BulkCanceller(this, canceller, _time).Resume(account, action, _matches(action.Filter));

                foreach (var queue in account.Queues.Values)
                    Publisher.Advance(queue);

                foreach (var schedule in account.Schedules.Values)
                    Schedules.Resume(account, schedule);
            }
        }
    }

    /// <summary>
    /// Forgets the messages that wait, and aborts open attempts. Needs the gates of all accounts; all their messages must be marked as
    /// finished. The task completes when the attempts have been told to stop.
    /// </summary>
    public Task AbandonAsync()
    {
        _faults.Forget();
        Scheduler.Clear();
        Schedules.Clear();
        FlowControl.Clear();
        // It is not disposed: attempts that are ending still use it, and it holds no timer.
        return Interlocked.Exchange(ref _stopping, new CancellationTokenSource()).CancelAsync();
    }

    void Begin(Message message)
    {
        // A message that is not in the data file yet starts when it is there. Until then it takes no thread.
        if (message is { Slot: null, Durable: { IsCompleted: false } durable })
            _journal!.WaitForAsync(durable).GetAwaiter().UnsafeOnCompleted(() => _ = RunAsync(message));
        else
            ThreadPool.UnsafeQueueUserWorkItem(
                static work => _ = work.Dispatcher.RunAsync(work.Message), (Dispatcher: this, Message: message), preferLocal: false);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Nobody awaits this; a mistake here must not stop the server.")]
    async Task RunAsync(Message message)
    {
        CancellationToken stopping = default;
        Activity? span = null;
        AttemptResult? result = null;
        try
        {
            if (!await IsDurableAsync(message) || !Activate(message, out stopping))
                return;

            var started = _time.GetTimestamp();
            span = MessageTrace.BeginAttempt(message, Scheduler.Now);
            result = await _faults.SendAsync(message, message.Retried, stopping);
            if (_logger.IsEnabled(LogLevel.Information))
            {
                Attempted(
                    message.Id, message.Spec.Method, DestinationUrl.ForLog(message.Target.Url), message.Retried, result.Status,
                    _time.GetElapsedTime(started).TotalMilliseconds, AnswerReason.Of(result));
            }

            if (RetryPolicy.IsHalfNonRetryable(result))
                HalfNonRetryable(message.Id);

            MessageTrace.EndAttempt(span, result);
            span = null;
            Settle(message, result);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The emulator is being reset or disposed, and its messages are forgotten.
        }
        catch (Exception exception)
        {
            Broken(exception, message.Id);
        }
        finally
        {
            MessageTrace.EndAttempt(span, result);
            Scheduler.Done(message);
        }
    }

    /// <summary>
    /// Waits until the changes before an attempt are in the data file, so that no destination gets a message that a crash could lose. If
    /// the file can no longer be written, nothing is delivered; the journal reports that.
    /// </summary>
    async ValueTask<bool> IsDurableAsync(Message message)
    {
        if (_journal is null)
            return true;

        try
        {
            // In a queue, the end of the message before it has to be in the file too.
            await (message.Slot is null && message.Durable is { } durable ? durable : _journal.FlushAsync());
            return _journal.Failure is null;
        }
        catch (IOException)
        {
            return false;
        }
    }

    bool Activate(Message message, out CancellationToken stopping)
    {
        stopping = default;
        lock (message.Account.Gate)
        {
            if (message.Phase == MessagePhase.Finished)
                return false;

            if (message.Queue is { Paused: true } queue)
            {
                queue.Hold(message);
                FlowControl.Leave(message);
                return false;
            }

            if (!FlowControl.TryEnter(message))
                return false;

            if (_faults.Hold(message))
            {
                FlowControl.Leave(message);
                return false;
            }

            stopping = _stopping.Token;
            message.Phase = MessagePhase.InFlight;
            FlowControl.Start(message);
            message.Account.Log.Add(Scheduler.Now, message, MessageState.Active);
            return true;
        }
    }

    void Settle(Message message, AttemptResult result)
    {
        lock (message.Account.Gate)
        {
            // A reset came while the attempt was open.
            if (message.Phase == MessagePhase.Finished)
                return;

            FlowControl.End(message);
            if (message.Spec.Callback is { } callback)
                Publisher.PublishCallback(message, callback, CallbackBody.Create(message, result, dlqId: null));

            if (result.IsSuccess)
                Finish(message, MessageState.Delivered, _keepsAnswers ? result.Kept : null);
            else if (message.CancelRequested)
                FailCancelled(message, result);
            else if (message.Retried >= message.Spec.Retries || RetryPolicy.IsNonRetryable(result))
                Fail(message, result);
            else
                Retry(message, result);
        }
    }

    void Retry(Message message, AttemptResult result)
    {
        var now = Scheduler.Now;
        var next = now + RetryPolicy.Delay(message.Spec, message.Retried, result, _time.GetUtcNow());
        message.Account.Log.Add(now, message, MessageState.Error, result.Kept, next);
        message.Account.Log.Add(now, message, MessageState.Retry, nextDelivery: next);
        message.Retried++;
        message.Phase = MessagePhase.Waiting;
        message.Account.Journal?.Retrying(message, next);
        Scheduler.Schedule(message, next);
    }

    void Fail(Message message, AttemptResult result)
    {
        var now = Scheduler.Now;
        var kept = result.Kept;
        message.Account.Log.Add(now, message, MessageState.Error, kept);
        var letter = message.Account.DeadLetters.Add(now, message, kept);
        if (message.Spec.FailureCallback is { } callback)
            Publisher.PublishCallback(message, callback, CallbackBody.Create(message, result, letter.Id));

        Finish(message, MessageState.Failed);
    }

    void FailCancelled(Message message, AttemptResult result)
    {
        message.Account.Log.Add(Scheduler.Now, message, MessageState.Error, result.Kept);
        Finish(message, MessageState.Cancelled);
    }

    /// <summary>Brings a message to its final state. Needs the account's gate.</summary>
    public void Finish(Message message, MessageState state, AttemptResult? answer = null)
    {
        message.Phase = MessagePhase.Finished;
        message.Account.Messages.Remove(message);
        MessageTrace.End(message, state);
        if (message.Spec.ScheduleId is { } id
            && message.Account.Schedules.TryGetValue(id, out var schedule)
            && schedule.Report(message.Id, state == MessageState.Delivered))
        {
            message.Account.Journal?.Save(schedule);
        }

        message.Account.Log.Add(Scheduler.Now, message, state, answer);
        // This comes last: nothing may refer to the message after it was deleted.
        message.Account.Journal?.Finished(message);
        if (message.Queue is { } queue)
            queue.Lag--;

        if (message.Slot is { } slot && slot.Leave())
            Publisher.Advance(slot.Queue);
    }

    [LoggerMessage(1, LogLevel.Information, "{MessageId} {Method} {Url} retried={Retried} status={Status} in {ElapsedMs:0} ms {Reason}")]
    partial void Attempted(string messageId, string method, string url, int retried, int status, double elapsedMs, string? reason);

    /// <summary>Tells of what was published to a URL group without members.</summary>
    [LoggerMessage(
        4,
        LogLevel.Information,
        "A message to the URL group {Group} was published to nobody: the group has no members, or does not exist")]
    public partial void NobodyListens(string group);

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "{MessageId} is not given up: status 489 and header Upstash-NonRetryable-Error: true stop retries only together")]
    partial void HalfNonRetryable(string messageId);

    [LoggerMessage(3, LogLevel.Error, "{MessageId} is lost because of an error in the emulator")]
    partial void Broken(Exception exception, string messageId);
}
