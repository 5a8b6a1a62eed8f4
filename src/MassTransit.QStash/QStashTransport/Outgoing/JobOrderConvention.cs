using MassTransit.Configuration;
using MassTransit.Contracts.JobService;
using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Sends the messages of one job in order. The sagas of MassTransit's job service do not accept a message that comes before one
/// sent earlier. They try it again, and hold back the job's other messages meanwhile, so the earlier one never comes.
/// </summary>
sealed class JobOrderConvention : ISendTopologyConvention
{
    const string JobNamespace = "MassTransit.Contracts.JobService";

    // Messages with a delay and requests for a job's state are left out, because they need no order.
    static readonly Dictionary<Type, Delegate> Keys = new()
    {
        [typeof(JobSubmitted)] = (JobSubmitted m) => m.JobId,
        [typeof(JobSlotAllocated)] = (JobSlotAllocated m) => m.JobId,
        [typeof(JobSlotUnavailable)] = (JobSlotUnavailable m) => m.JobId,
        [typeof(JobAttemptStarted)] = (JobAttemptStarted m) => m.JobId,
        [typeof(JobAttemptCompleted)] = (JobAttemptCompleted m) => m.JobId,
        [typeof(JobAttemptFaulted)] = (JobAttemptFaulted m) => m.JobId,
        [typeof(JobAttemptCanceled)] = (JobAttemptCanceled m) => m.JobId,
        [typeof(JobCompleted)] = (JobCompleted m) => m.JobId,
        [typeof(CancelJob)] = (CancelJob m) => m.JobId,
        [typeof(RetryJob)] = (RetryJob m) => m.JobId,
        [typeof(RunJob)] = (RunJob m) => m.JobId,
        [typeof(FinalizeJob)] = (FinalizeJob m) => m.JobId,
        [typeof(SetJobProgress)] = (SetJobProgress m) => m.JobId,
        [typeof(SaveJobState)] = (SaveJobState m) => m.JobId,
        [typeof(AllocateJobSlot)] = (AllocateJobSlot m) => m.JobId,
        [typeof(JobSlotReleased)] = (JobSlotReleased m) => m.JobId,
        [typeof(StartJobAttempt)] = (StartJobAttempt m) => m.JobId,
        [typeof(FinalizeJobAttempt)] = (FinalizeJobAttempt m) => m.JobId,
        [typeof(CancelJobAttempt)] = (CancelJobAttempt m) => m.JobId,
        [typeof(StartJob)] = (StartJob m) => m.JobId,
    };

    /// <summary>
    /// Whether a message tells the application about a change that the job's saga has still to hear of. The saga sends both messages, this
    /// one first, and a recipient may send the saga its next command at once.
    /// </summary>
    public static bool IsSentLast<T>() => typeof(T) == typeof(CompleteJob) || typeof(T) == typeof(FaultJob);

    bool IMessageSendTopologyConvention.TryGetMessageSendTopologyConvention<T>(
        out IMessageSendTopologyConvention<T> convention)
    {
        // The keys take time to create, and most services have no jobs.
        convention = typeof(T).Namespace == JobNamespace && Keys.TryGetValue(typeof(T), out var key)
            ? new Convention<T>((Func<T, Guid>)key)
            : null!;

        return convention is not null;
    }

    sealed class Convention<T>(Func<T, Guid> key) : IMessageSendTopologyConvention<T>
        where T : class
    {
        public bool TryGetMessageSendTopology(out IMessageSendTopology<T> messageSendTopology)
        {
            messageSendTopology = MessageTypeDelivery<T>.OfOrder(key, OrderedQueues.DefaultCount, OrderedQueues.DefaultPrefix);

            return true;
        }

        bool IMessageSendTopologyConvention.TryGetMessageSendTopologyConvention<TMessage>(
            out IMessageSendTopologyConvention<TMessage> convention)
        {
            convention = (this as IMessageSendTopologyConvention<TMessage>)!;

            return convention is not null;
        }
    }
}
