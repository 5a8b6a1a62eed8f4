using System.Diagnostics.CodeAnalysis;
using MassTransit.Context;
using MassTransit.QStashTransport.Callbacks;
using MassTransit.QStashTransport.Configuration;
using MassTransit.QStashTransport.Subscriptions;
using MassTransit.RetryPolicies;
using MassTransit.Transports;
using Microsoft.AspNetCore.Http;
using QStash.Client;

namespace MassTransit.QStashTransport.Receiving;

/// <summary>
/// A running receive endpoint: feeds deliveries into the consumer pipeline from start to stop.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim without wait handle holds nothing to dispose of.")]
sealed class QStashReceiver : ConsumerAgent<long>, ReceiveTransportHandle
{
    readonly QStashReceiveEndpointContext _context;
    readonly QStashHostConfiguration _hostConfiguration;
    readonly SemaphoreSlim? _limit;
    readonly DeliveryReports _reports;
    readonly Subscriber _subscriber;
    long _lastDelivery;
    Task _renewal = Task.CompletedTask;

    public QStashReceiver(QStashHostConfiguration hostConfiguration, QStashReceiveEndpointContext context, Subscriber subscriber)
        : base(context)
    {
        _hostConfiguration = hostConfiguration;
        _context = context;
        _subscriber = subscriber;
        _reports = new DeliveryReports(context, hostConfiguration.TimeProvider);

        if (context.ConcurrentMessageLimit is { } limit)
            _limit = new SemaphoreSlim(limit);

        // Nothing of who connected the endpoint, such as a request, is kept for as long as it runs.
        ThreadPool.UnsafeQueueUserWorkItem(static receiver => _ = receiver.Startup(), this, preferLocal: false);
    }

    /// <summary>
    /// Whether deliveries are taken. They are once the endpoint's dependencies are ready, and not only when the topology is deployed:
    /// being a member of a URL group has nothing to do with being able to consume, and the request that woke a scaled-down service comes
    /// first.
    /// </summary>
    bool IsAccepting => !IsStopping && !_hostConfiguration.DeployTopologyOnly && _context.DependenciesReady.IsCompletedSuccessfully;

    public new bool IsStopping => base.IsStopping;

    /// <summary>Who takes the deliveries once this one has stopped; null when nobody is to come.</summary>
    public TaskCompletionSource<QStashReceiver?> Successor { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // What only deploys the topology is gone before anything comes.
    bool Subscribes => _subscriber.Topics.Count > 0
        && _hostConfiguration.Settings.DeploysTopology
        && !(_subscriber.IsTemporary && _hostConfiguration.DeployTopologyOnly);

    /// <summary>
    /// Runs a delivery through the pipeline, and returns only when all it caused has been sent: the answer is the acknowledgement.
    /// </summary>
    /// <param name="delivery">The delivery, its signature verified.</param>
    /// <param name="http">What a consumer gets that asks for the request.</param>
    /// <param name="requestAborted">Cancelled when QStash, or the server, gave up the request.</param>
    public async ValueTask<(DeliveryOutcome Outcome, QStashDeadLetterReason? Reason)> Deliver(QStashDelivery delivery, HttpContext http, CancellationToken requestAborted)
    {
        if (!IsAccepting)
            return (DeliveryOutcome.NotReady, null);

        LogContext.Current = _context.LogContext;

        using var warning = delivery.Timeout is { } timeout ? WarnBefore(timeout, delivery.MessageId) : null;

        try
        {
            await WaitForSlot(requestAborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            if (!requestAborted.IsCancellationRequested)
                return (DeliveryOutcome.NotReady, null);

            if (!_hostConfiguration.ApplicationStopping.IsCancellationRequested)
                LogContext.Warning?.Log("QStash gave up a delivery that waited for one of the {ConcurrentMessageLimit} slots of {InputAddress}, and will try again. Have QStash deliver fewer at once: send with flow control", _context.ConcurrentMessageLimit, _context.InputAddress);

            return (DeliveryOutcome.Canceled, null);
        }

        try
        {
            // It may have stopped while the delivery waited.
            if (!IsAccepting)
                return (DeliveryOutcome.NotReady, null);

            return await Dispatch(delivery, http, requestAborted).ConfigureAwait(false);
        }
        finally
        {
            _limit?.Release();
        }
    }

    Task ReceiveTransportHandle.Stop(CancellationToken cancellationToken) => this.Stop("Stop Receive Transport", cancellationToken);

    protected override async Task ActiveAndActualAgentsCompleted(StopContext context)
    {
        await base.ActiveAndActualAgentsCompleted(context).ConfigureAwait(false);

        if (_subscriber.IsTemporary && Subscribes)
        {
            await _renewal.ConfigureAwait(false);
            await LeaveUrlGroups(context.CancellationToken).ConfigureAwait(false);
        }

        await _context.TransportObservers.NotifyCompleted(_context.InputAddress, this).ConfigureAwait(false);

        _context.LogConsumerCompleted(DeliveryCount, ConcurrentDeliveryCount);
    }

    async Task WaitForSlot(CancellationToken requestAborted)
    {
        if (_limit is null || _limit.Wait(0, CancellationToken.None))
            return;

        // Only the wait ends when the endpoint or the application stops; what runs is finished. The server counts a waiting
        // request as an open one, and would spend its whole time to shut down on consuming the line.
        using var source = CancellationTokenSource.CreateLinkedTokenSource(requestAborted, Stopping, _hostConfiguration.ApplicationStopping);

        await _limit.WaitAsync(source.Token).ConfigureAwait(false);
    }

    async ValueTask<(DeliveryOutcome Outcome, QStashDeadLetterReason? Reason)> Dispatch(QStashDelivery delivery, HttpContext http, CancellationToken requestAborted)
    {
        if (delivery.ExpirationTime is { } expiration && expiration <= _hostConfiguration.TimeProvider.GetUtcNow())
        {
            LogContext.Debug?.Log("EXPIRED {InputAddress} {TransportMessageId}", _context.InputAddress, delivery.MessageId);

            return _context.DeadLetterExpiredMessages
                ? (DeliveryOutcome.ExpiredToDeadLetter, new QStashDeadLetterReason("expired"))
                : (DeliveryOutcome.Expired, null);
        }

        if (delivery.CallbackKind is not null)
        {
            try
            {
                if (await _reports.Receive(delivery, requestAborted).ConfigureAwait(false) is not { } envelope)
                    return (DeliveryOutcome.Faulted, new QStashDeadLetterReason("fault") { Message = "The body is not that of a callback." });

                delivery.Become(envelope);
            }
            catch (OperationCanceledException) when (requestAborted.IsCancellationRequested)
            {
                return (DeliveryOutcome.Canceled, null);
            }
            catch (Exception exception)
            {
                // QStash tries again, so that the fault is not lost.
                LogContext.Error?.Log(exception, "The fault of an undelivered message could not be sent: {MessageId}", delivery.MessageId);

                return (DeliveryOutcome.Failed, null);
            }
        }

        using var context = new QStashReceiveContext(delivery, _context, http);

        await using var aborted = requestAborted.UnsafeRegister(Cancel, context).ConfigureAwait(false);
        await using var stopped = _hostConfiguration.ConsumersStopping.UnsafeRegister(Cancel, context).ConfigureAwait(false);

        try
        {
            // A key of its own for each attempt: the base class takes a second delivery under a pending key for a duplicate and
            // reports it done, which would acknowledge a message whose first attempt may still fail.
            await Dispatch(Interlocked.Increment(ref _lastDelivery), context, NoLockReceiveContext.Instance).ConfigureAwait(false);
            await delivery.SendRest().ConfigureAwait(false);

            return (context.Outcome, context.Reason);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            return (DeliveryOutcome.Canceled, null);
        }
        catch (Exception exception)
        {
            context.LogTransportFaulted(ReadableException.Of(exception));

            return (DeliveryOutcome.Failed, context.PublishedFault ? AnswerReason.OfFault(context, exception) : null);
        }
    }

    // What a consumer does when it is cancelled must not keep the others from being cancelled.
    static void Cancel(object? state)
    {
        var context = (QStashReceiveContext)state!;

        try
        {
            context.Cancel();
        }
        catch (AggregateException exception)
        {
            context.LogContext.Warning?.Log(exception, "A consumer of {InputAddress} failed while it was cancelled", context.InputAddress);
        }
    }

    // At the timeout QStash gives the attempt up and delivers the message again, while this one may still run (S2).
    ITimer WarnBefore(TimeSpan timeout, string messageId) => _hostConfiguration.TimeProvider.CreateTimer(
        _ => _context.LogContext.Warning?.Log(
            "Message {MessageId} is still being consumed after 80 % of its timeout of {Timeout}: {InputAddress}. At the timeout QStash delivers it again. Give it more time with UseDelivery(d => d.Timeout = …), or move the work to a job consumer",
            messageId, timeout, _context.InputAddress),
        null, timeout * 0.8, Timeout.InfiniteTimeSpan);

    async Task Startup()
    {
        LogContext.Current = _context.LogContext;

        try
        {
            await _context.DependenciesReady.WaitAsync(Stopping).ConfigureAwait(false);

            if (Subscribes)
                await _hostConfiguration.ReceiveTransportRetryPolicy.Retry(DeployTopology, Stopping).ConfigureAwait(false);

            if (Subscribes && _subscriber.IsTemporary)
                _renewal = RenewMembership();

            await _context.FlowControl.DeployAsync(Stopping).ConfigureAwait(false);

            await _context.TransportObservers.NotifyReady(_context.InputAddress).ConfigureAwait(false);

            SetReady();

            if (_subscriber.IsTemporary)
                _ = WarnOnceUsed();
        }
        catch (Exception exception)
        {
            SetNotReady(exception);
        }
    }

    // The bus has an endpoint for responses whether it makes requests or not, and most do not.
    async Task WarnOnceUsed()
    {
        await _context.ReceivePipe.Connected.WaitAsync(Stopping).ConfigureAwait(false);

        if (_hostConfiguration.CannotReceive)
            LogContext.Error?.Log(QStashAddresses.Advise("What was connected to the bus, such as a consumer or a request client,"));
        else if (_hostConfiguration.Settings.Addresses is { LeadToThisProcess: false, LeadToOthers: false })
            LogContext.Warning?.Log("Only this process has {InputAddress}, but the base address may lead to any replica. Where there are several, set QStash:InstanceBaseAddress to an address that leads to this one; where there is one, set it to the base address", _context.InputAddress);
    }

    // No other process will ever have this address.
    async Task LeaveUrlGroups(CancellationToken cancellationToken)
    {
        try
        {
            await _hostConfiguration.Subscriptions.LeaveAsync(_subscriber, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogContext.Warning?.Log(exception, "The temporary endpoint stays in its URL groups until its lease is over: {InputAddress}", _context.InputAddress);
        }
    }

    // A process that crashes leaves its members behind. They have a lease, and whoever starts later removes those that are over.
    async Task RenewMembership()
    {
        using var timer = new PeriodicTimer(SubscriptionStore.RenewalPeriod, _hostConfiguration.TimeProvider);

        try
        {
            while (await timer.WaitForNextTickAsync(Stopping).ConfigureAwait(false))
            {
                try
                {
                    await _hostConfiguration.Subscriptions.JoinAsync(_subscriber, Stopping).ConfigureAwait(false);
                }
                catch (Exception exception) when (!IsStopping)
                {
                    LogContext.Warning?.Log(exception, "The temporary endpoint could not renew its membership of URL groups: {InputAddress}", _context.InputAddress);
                }
            }
        }
        catch (Exception) when (IsStopping)
        {
        }
    }

    async Task DeployTopology()
    {
        try
        {
            await _hostConfiguration.Subscriptions.JoinAsync(_subscriber, Stopping).ConfigureAwait(false);
        }
        catch (Exception exception) when (!IsStopping)
        {
            var cure = exception is QStashQuotaException && _hostConfiguration.Settings.Directory is null
                ? " (with cfg.Host(h => h.UseDirectory()) one URL group is enough for all)"
                : "";
            var faulted = _context.ConvertException(exception, $"Joining the URL groups of {_context.InputAddress} failed{cure}: ");

            await _context.TransportObservers.NotifyFaulted(_context.InputAddress, faulted).ConfigureAwait(false);

            throw faulted;
        }
    }
}
