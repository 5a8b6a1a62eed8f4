namespace MassTransit.QStash.Soak.Judging;

/// <summary>What a service did.</summary>
enum LedgerKind
{
    /// <summary>The bus is healthy.</summary>
    Ready,

    /// <summary>An order is being published, not for the first time perhaps.</summary>
    Sending,

    /// <summary>The publish of an order returned: from now on it must not be lost.</summary>
    Accepted,

    /// <summary>A publish failed. The order stays in the outbox.</summary>
    NotAccepted,

    /// <summary>A message reached the pipeline of the endpoint.</summary>
    Arrived,

    /// <summary>The message has had its effect; the consumer has not returned yet.</summary>
    Handled,

    /// <summary>The durable inbox knew the message, and nothing was done.</summary>
    Recognized,

    /// <summary>The consumer is about to refuse a poison message.</summary>
    Rejected,

    /// <summary>A message of a kind beside the orders has had its effect, now or before.</summary>
    Settled,

    /// <summary>A scheduled message came before its time.</summary>
    TooEarly,

    /// <summary>The answer is about to be sent.</summary>
    Answered,
}
