namespace QStash.Emulator.Faults;

/// <summary>What a <see cref="FaultRule"/> does. Over HTTP, names are in camel case: <c>refuse</c>, <c>dropApiAnswer</c>.</summary>
public enum FaultAction
{
    /// <summary>The attempt fails as if the destination refused the connection; nothing is sent.</summary>
    Refuse,

    /// <summary>The attempt begins <see cref="FaultRule.Delay"/> later.</summary>
    Delay,

    /// <summary>The attempt is sent twice, one after the other, with the same id and two signatures. The first answer counts.</summary>
    Duplicate,

    /// <summary>
    /// The attempt is held back until the next one the rule matches has ended, or for <see cref="FaultRule.Delay"/> when
    /// none comes. A queue with parallelism 1 keeps its order.
    /// </summary>
    Reorder,

    /// <summary>The signature does not fit the message.</summary>
    CorruptSignature,

    /// <summary>The destination is called and answers, but the answer is lost: QStash treats the attempt as failed.</summary>
    DropAnswer,

    /// <summary>The API answers 429 with the headers of the limit per second; nothing is done.</summary>
    BurstLimit,

    /// <summary>The API answers 429 with the headers of the daily quota; nothing is done.</summary>
    DailyLimit,

    /// <summary>The API answers 500; nothing is done.</summary>
    ServerError,

    /// <summary>The API carries out the call, and the connection breaks before the answer.</summary>
    DropApiAnswer,

    /// <summary>
    /// A cancel by filter takes <see cref="FaultRule.Delay"/>. At its end it cancels the messages that matched at its beginning. Without
    /// this rule it takes no time.
    /// </summary>
    SlowBulkAction,
}
