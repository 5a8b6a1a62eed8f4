using System.Globalization;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// A set of QStash queues, each of which delivers one message after the other. Messages with the same key go through the same queue, so
/// they stay in order, and do not hold up messages in other queues.
/// </summary>
sealed class OrderedQueues
{
    /// <summary>The default number of queues: fewer than the 10 queues of the Free plan.</summary>
    public const int DefaultCount = 8;

    public const string DefaultPrefix = "ordered";

    const int MaxCount = 1000;

    readonly int _count;
    readonly string _prefix;

    public OrderedQueues(int count, string prefix)
    {
        if (count is < 1 or > MaxCount)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"The number of queues must be from 1 to {MaxCount}, and "
                + "within your QStash plan (10 queues on Free, 100 on pay as you go).");

        if (!LegalName.Is(prefix))
            throw new ArgumentException($"'{prefix}' cannot begin the name of a QStash queue: {LegalName.Rule}.", nameof(prefix));

        _count = count;
        _prefix = prefix;
    }

    public static OrderedQueues Default { get; } = new(DefaultCount, DefaultPrefix);

    /// <summary>The queue of a key, the same in every process.</summary>
    public string NameFor(string key) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}-{TextHash.Number(key) % (uint)_count}");
}
