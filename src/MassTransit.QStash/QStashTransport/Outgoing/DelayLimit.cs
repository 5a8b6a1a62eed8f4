using System.Globalization;
using System.Text.RegularExpressions;
using MassTransit.QStashTransport.Configuration;
using QStash.Client;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// QStash keeps a message only as long as the plan allows. What is due later is refused, with the limit and the ways out.
/// </summary>
sealed partial class DelayLimit(IQStashClient client, QStashHostSettings settings, TimeProvider time)
{
    public async Task<IReadOnlyList<QStashReceipt>> PublishAsync(QStashMessage message, Type messageType, CancellationToken cancellationToken)
    {
        Check(message, messageType);

        try
        {
            return await client.PublishAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (QStashException exception) when (GetDue(message) is not null && IsRefusal(exception.Error))
        {
            throw Refuse(message, messageType, ReadLimit(exception.Error!), exception);
        }
    }

    /// <summary>Publishes copies of one message, which are due at the same time.</summary>
    public async Task<IReadOnlyList<QStashBatchResult>> BatchAsync(QStashMessage[] messages, Type messageType, CancellationToken cancellationToken)
    {
        Check(messages[0], messageType);

        var results = await client.BatchAsync(messages, cancellationToken).ConfigureAwait(false);

        return GetDue(messages[0]) is not null && results.FirstOrDefault(result => IsRefusal(result.Error)) is { } refused
            ? throw Refuse(messages[0], messageType, ReadLimit(refused.Error!), null)
            : results;
    }

    // A limit that QStash named is not kept: the plan may have changed.
    void Check(QStashMessage message, Type messageType)
    {
        if (settings.LongestDelay is { } limit && GetDue(message) - time.GetUtcNow() > limit)
            throw Refuse(message, messageType, limit, null);
    }

    MessageException Refuse(QStashMessage message, Type messageType, TimeSpan? limit, QStashException? exception)
    {
        var longest = limit is null ? "" : string.Create(CultureInfo.InvariantCulture, $" than {limit:d'.'hh':'mm':'ss}");
        var text = string.Create(CultureInfo.InvariantCulture,
            $"The message to {message.Destination} is due in {GetDue(message) - time.GetUtcNow():d'.'hh':'mm':'ss}, and QStash keeps messages no longer{longest} (QStash:MaxDelay, or the limit of the plan). Keep the time in a database and schedule the message when it is near, for example from a recurring schedule that looks every day; or take a plan with a longer delay.");

        return exception is null ? new MessageException(messageType, text) : new MessageException(messageType, text, exception);
    }

    DateTimeOffset? GetDue(QStashMessage message) => message.NotBefore ?? time.GetUtcNow() + message.Delay;

    static TimeSpan? ReadLimit(string refusal) =>
        LimitPattern().Match(refusal) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    // Told by the text, for the status is that of any quota.
    static bool IsRefusal(string? error) => error?.Contains("maxDelay", StringComparison.OrdinalIgnoreCase) == true;

    [GeneratedRegex(@"limit:\s*(\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex LimitPattern();
}
