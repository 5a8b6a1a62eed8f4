using QStash.Emulator.Errors;
using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

/// <summary>Creates the messages of a publish: it drops duplicates, and queues or schedules the others.</summary>
sealed class Publisher(DeliveryScheduler scheduler, Quotas quotas, FlowControl flowControl)
{
    /// <summary>Accepts one message for each target. When this returns, they are scheduled or wait in their queue.</summary>
    /// <exception cref="ApiException">400, 412 or 429: a limit of the plan is exceeded. Nothing was accepted.</exception>
    public List<PublishReceipt> Publish(Account account, MessageSpec spec, IReadOnlyList<MessageTarget> targets, string? queueName = null)
    {
        lock (account.Gate)
        {
            using var together = account.StoreTogether();
            quotas.CheckMessage(spec);
            quotas.CheckMessagesToday(account, targets.Count);
            var now = scheduler.Now;
            var notBefore = spec.NotBefore ?? now + spec.Delay;
            return [.. targets.Select(target => Accept(account, spec, target, now, notBefore, queueName))];
        }
    }

    /// <summary>Publishes a callback, which holds the place of its source in a queue. Needs the account's gate.</summary>
    public void PublishCallback(Message source, CallbackSpec callback, byte[] body)
    {
        var now = scheduler.Now;
        var spec = callback.Message with
        {
            Body = body,
            // The body of a callback repeats what the source has redacted.
            Redaction = source.Spec.Redaction is null
                ? callback.Message.Redaction
                : (callback.Message.Redaction ?? new Redaction()) with { Body = true },
        };
        source.Slot?.Share();
        var message = Create(source.Account, spec, MessageTarget.Of(callback.Url), now, now, queue: null, source.Slot, cause: source);
        scheduler.Schedule(message, now);
    }

    /// <summary>Starts as many messages of a queue as it has room for. Needs the account's gate.</summary>
    public void Advance(FifoQueue queue)
    {
        foreach (var message in queue.TakeReady())
            scheduler.Schedule(message, message.NotBefore);
    }

    PublishReceipt Accept(Account account, MessageSpec spec, MessageTarget target, long now, long notBefore, string? queueName)
    {
        var key = DeduplicationKey.Of(spec, target);
        if (key is not null && account.Deduplication.Find(key, now) is { } original)
            return new PublishReceipt(original.ToString(), target.Url, Deduplicated: true);

        FifoQueue? queue = null;
        // The first message creates the queue.
        if (queueName is not null && !account.Queues.TryGetValue(queueName, out queue))
        {
            quotas.CheckNewQueue(account);
            account.Queues.Add(queueName, queue = new FifoQueue(queueName, now));
            account.Journal?.Save(queue);
        }

        var message = Create(account, spec, target, now, notBefore, queue, slot: null, key);
        if (queue is null)
        {
            scheduler.Schedule(message, notBefore);
        }
        else
        {
            queue.Add(message);
            Advance(queue);
        }

        return new PublishReceipt(message.Id, target.Url, Deduplicated: false);
    }

    Message Create(
        Account account, MessageSpec spec, MessageTarget target, long now, long notBefore, FifoQueue? queue, QueueSlot? slot,
        string? key = null, Message? cause = null)
    {
        var message = new Message
        {
            IdBytes = MessageId.Create(),
            Account = account,
            Spec = spec,
            Target = target,
            CreatedAt = now,
            NotBefore = notBefore,
            Queue = queue,
            Slot = slot,
            FlowControl = flowControl.Configure(account, spec.FlowControl),
        };
        MessageTrace.Begin(message, cause?.Trace);
        account.Messages.Add(message);
        var windowEnd = key is null ? 0 : account.Deduplication.Add(key, message.IdBytes, now);
        account.Journal?.Created(message, key, windowEnd);
        account.Log.Add(now, message, MessageState.Created);
        quotas.CountMessage(account);
        return message;
    }
}
