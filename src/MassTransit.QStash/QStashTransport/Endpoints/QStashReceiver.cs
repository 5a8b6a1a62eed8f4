using MassTransit.Context;
using MassTransit.QStashTransport.Incoming;
using MassTransit.QStashTransport.Reports;
using MassTransit.QStashTransport.Subscriptions;
using MassTransit.Transports;
using Microsoft.AspNetCore.Http;

namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// A running receive endpoint: feeds deliveries into the consumer pipeline from start to stop.
/// </summary>
sealed class QStashReceiver : ConsumerAgent<long>, ReceiveTransportHandle
{
    readonly QStashReceiveEndpointContext _context;
    readonly DeliveryIntake _intake;
    readonly EndpointServices _services;
    readonly ExecutionContext _flow;
    readonly DeliverySlots _slots;
    readonly EndpointStart _start;
    long _lastDelivery;

    public QStashReceiver(EndpointServices services, QStashReceiveEndpointContext context, Subscriber subscriber)
        : base(context)
    {
        _services = services;
        _context = context;
        _flow = OwnFlow.With(() => LogContext.Current = context.LogContext);
        _slots = new DeliverySlots(context.ConcurrentMessageLimit);
        _start = new EndpointStart(services, context, subscriber);

        var reports = new DeliveryReports(context, services.Proof, context.MessageTypes, services.Time);
        _intake = new DeliveryIntake(context.InputAddress, context.DeadLetterExpiredMessages, reports, services.Time);

        // The startup does not capture the execution context of the caller, such as a request, which would be kept for as long as the
        // endpoint runs.
        ThreadPool.UnsafeQueueUserWorkItem(static receiver => _ = receiver.Startup(), this, preferLocal: false);
    }

    public new bool IsStopping => base.IsStopping;

    /// <summary>The receiver that takes the deliveries once this one has stopped; null when there will be none.</summary>
    public TaskCompletionSource<QStashReceiver?> Successor { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Whether deliveries are accepted. They are once the endpoint's dependencies are ready, even before the topology is deployed:
    /// consuming does not need the membership of a URL group, and the request that woke a scaled-down service arrives before the deployment
    /// ends.
    /// </summary>
    bool IsAccepting => !IsStopping && !_services.DeploysTopologyOnly && _context.DependenciesReady.IsCompletedSuccessfully;

    /// <summary>
    /// Runs a delivery through the pipeline. It returns only when all messages that the delivery caused have been sent, because the answer
    /// is the acknowledgement.
    /// </summary>
    /// <param name="delivery">The delivery, with a verified signature.</param>
    /// <param name="http">The request, for consumers that ask for it.</param>
    /// <param name="requestAborted">Cancelled when QStash or the server gave the request up.</param>
    public async ValueTask<DeliveryResult> Deliver(QStashDelivery delivery, HttpContext http, CancellationToken requestAborted)
    {
        if (!IsAccepting)
            return DeliveryOutcome.NotReady;

        // The caller has its own again when this method returns.
        ExecutionContext.Restore(_flow);
        using var warning = delivery.Timeout is { } timeout ? WarnBefore(timeout, delivery.MessageId) : null;
        try
        {
            // The server counts a waiting request as open. Without the cancellation it would use its whole shutdown time to consume the
            // waiting deliveries.
            if (!_slots.TryTake())
                await _slots.Take(requestAborted, Stopping, _services.Life.Stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            if (!requestAborted.IsCancellationRequested)
                return DeliveryOutcome.NotReady;

            if (!_services.Life.Stopping.IsCancellationRequested)
            {
                LogContext.Warning?.Log("QStash gave up a delivery that waited for one of the {ConcurrentMessageLimit} slots of "
                    + "{InputAddress}, and will try again. Have QStash deliver fewer at once: send with flow "
                    + "control", _context.ConcurrentMessageLimit,
                    _context.InputAddress);
            }

            return DeliveryOutcome.Canceled;
        }

        try
        {
            // The endpoint may have stopped while the delivery waited.
            if (!IsAccepting)
                return DeliveryOutcome.NotReady;

            if (_intake.IsLate(delivery, out var late))
                return late;

            if (delivery.CallbackKind is not null
                && await _intake.TakeCallback(delivery, requestAborted).ConfigureAwait(false) is { } refused)
                return refused;

            return await Consume(delivery, http, requestAborted).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    Task ReceiveTransportHandle.Stop(CancellationToken cancellationToken) => this.Stop("Stop Receive Transport", cancellationToken);

    protected override async Task ActiveAndActualAgentsCompleted(StopContext context)
    {
        await base.ActiveAndActualAgentsCompleted(context).ConfigureAwait(false);
        await _start.Undo(context.CancellationToken).ConfigureAwait(false);
        await _context.TransportObservers.NotifyCompleted(_context.InputAddress, this).ConfigureAwait(false);
        _context.LogConsumerCompleted(DeliveryCount, ConcurrentDeliveryCount);
    }

    async ValueTask<DeliveryResult> Consume(QStashDelivery delivery, HttpContext http, CancellationToken requestAborted)
    {
        using var context = new QStashReceiveContext(delivery, _context, http);
        var aborted = requestAborted.UnsafeRegister(QStashReceiveContext.Cancel, context);
        var stopped = _services.Life.ConsumersStopping.UnsafeRegister(QStashReceiveContext.Cancel, context);
        try
        {
            // Each attempt gets its own key. The base class treats a second delivery under a pending key as a duplicate and reports it as
            // done. That would acknowledge a message whose first attempt may still fail.
            await Dispatch(Interlocked.Increment(ref _lastDelivery), context, NoLockReceiveContext.Instance).ConfigureAwait(false);
            await delivery.SendRest().ConfigureAwait(false);

            return context.Reason is null ? context.Outcome : new DeliveryResult(context.Outcome, context.Reason);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            return DeliveryOutcome.Canceled;
        }
        catch (Exception exception)
        {
            context.LogTransportFaulted(ReadableException.Of(exception));

            return new DeliveryResult(DeliveryOutcome.Failed, context.PublishedFault ? AnswerReason.OfFault(context, exception) : null);
        }
        finally
        {
            await stopped.DisposeAsync().ConfigureAwait(false);
            await aborted.DisposeAsync().ConfigureAwait(false);
        }
    }

    // At the timeout QStash gives the attempt up and delivers the message again, while this one may still run.
    ITimer WarnBefore(TimeSpan timeout, string messageId) => _services.Time.CreateTimer(
        _ => _context.LogContext.Warning?.Log("Message {MessageId} is still being consumed after 80 % of its timeout of {Timeout}: "
            + "{InputAddress}. At the timeout QStash delivers it again. Give it more time with UseDelivery(d => d.Timeout = …), or move "
            + "the work to a job consumer",
            messageId, timeout, _context.InputAddress),
        null, timeout * 0.8, Timeout.InfiniteTimeSpan);

    async Task Startup()
    {
        LogContext.Current = _context.LogContext;
        try
        {
            await _context.DependenciesReady.WaitAsync(Stopping).ConfigureAwait(false);
            await _start.Run(Stopping).ConfigureAwait(false);
            await _context.TransportObservers.NotifyReady(_context.InputAddress).ConfigureAwait(false);
            SetReady();
            _ = _start.WarnOnceUsed(Stopping);
        }
        catch (Exception exception)
        {
            SetNotReady(exception);

            if (!IsStopping && !_context.DependenciesReady.IsCompletedSuccessfully)
                await ReportDependency(exception).ConfigureAwait(false);
        }
    }

    // Nothing else tells why such an endpoint never gets ready. It would look like one that is still starting.
    async Task ReportDependency(Exception exception)
    {
        var faulted = new ConnectionException(
            $"A dependency of {_context.InputAddress} failed, so it takes no deliveries: {exception.Message}", exception);

        await _context.TransportObservers.NotifyFaulted(_context.InputAddress, faulted).ConfigureAwait(false);
        LogContext.Error?.Log(exception, "A dependency of {InputAddress} failed, so it takes no deliveries until the process is started "
            + "again. QStash is told to come later", _context.InputAddress);
    }
}
