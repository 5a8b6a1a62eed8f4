using System.Globalization;
using System.Text.RegularExpressions;
using QStash.Client;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// QStash keeps a message only as long as the plan allows. A message that is due later is refused with an error that names the limit and
/// the alternatives.
/// </summary>
/// <param name="longest">The longest delay the plan allows; null leaves the check to QStash.</param>
/// <param name="time">The clock.</param>
sealed partial class DelayLimit(TimeSpan? longest, TimeProvider time)
{
    /// <exception cref="MessageException">The message is due too late.</exception>
    public void Check(QStashMessage message, Type messageType)
    {
        if (longest is { } limit && GetDue(message) - time.GetUtcNow() > limit)
            throw Refuse(message, messageType, limit, null);
    }

    /// <summary>
    /// Throws a better error if QStash refused the message for its delay, and does nothing after other refusals. The limit that QStash
    /// names is not remembered, because the plan may change.
    /// </summary>
    /// <exception cref="MessageException">The message is due too late.</exception>
    public void ThrowIfRefused(QStashMessage message, Type messageType, string? error, QStashException? exception)
    {
        // Only the text tells this refusal from those for other quotas: the status is the same.
        if (error?.Contains("maxDelay", StringComparison.OrdinalIgnoreCase) == true && GetDue(message) is not null)
            throw Refuse(message, messageType, ReadLimit(error), exception);
    }

    MessageException Refuse(QStashMessage message, Type messageType, TimeSpan? limit, QStashException? exception)
    {
        var delay = GetDue(message) - time.GetUtcNow();
        var text = string.Create(CultureInfo.InvariantCulture,
            $"The message to {message.Destination} is due in {delay:d'.'hh':'mm':'ss}, and QStash keeps messages no "
                + $"longer{(limit is null ? "" : " than ")}{limit:d'.'hh':'mm':'ss} ")
            + "(QStash:MaxDelay, or the limit of the plan). Keep the time in a database and schedule the message when it is near, for "
            + "example from a recurring schedule that looks every day; or take a plan with a longer delay.";

        return exception is null ? new MessageException(messageType, text) : new MessageException(messageType, text, exception);
    }

    DateTimeOffset? GetDue(QStashMessage message) => message.NotBefore ?? time.GetUtcNow() + message.Delay;

    static TimeSpan? ReadLimit(string refusal) =>
        LimitPattern().Match(refusal) is { Success: true } match
            && int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    [GeneratedRegex(@"limit:\s*(\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex LimitPattern();
}
