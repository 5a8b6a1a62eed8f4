using System.Globalization;
using System.Text.RegularExpressions;
using MassTransit.QStashTransport.Configuration;
using QStash.Client;

namespace MassTransit.QStashTransport.Scheduling;

/// <summary>
/// QStash keeps a message only as long as the plan allows (contract section 8). What is due later is refused with the limit, or
/// parked: sent to an endpoint of this service, which sends it on when there is less left to wait.
/// </summary>
sealed partial class DelayLimit(IQStashClient client, UniqueLabels labels, QStashHostSettings settings, TimeProvider time, Uri parkingAddress)
{
    /// <summary>The name of the endpoint that parked messages come back to.</summary>
    public const string ParkingEndpoint = "_parking";

    // A minute, a quarter of an hour, four hours: the plans leave three retries, and nothing is due yet.
    const string ParkedRetryDelay = "min(14400000, 60000 * pow(15, retried))";
    const int ParkedRetries = 3;

    // The free plan's, for a refusal that does not tell.
    static readonly TimeSpan SmallestLimit = TimeSpan.FromDays(7);

    TimeSpan? _limit = settings.LongestDelay;

    public Task<IReadOnlyList<QStashReceipt>> PublishAsync(QStashMessage message, Type messageType, CancellationToken cancellationToken) =>
        message.NotBefore is null && message.Delay is null
            ? client.PublishAsync(message, cancellationToken)
            : PublishDelayedAsync(message, messageType, cancellationToken);

    async Task<IReadOnlyList<QStashReceipt>> PublishDelayedAsync(QStashMessage message, Type messageType, CancellationToken cancellationToken)
    {
        if (!Exceeds(message))
        {
            try
            {
                return await client.PublishAsync(message, cancellationToken).ConfigureAwait(false);
            }
            catch (QStashException exception) when (IsRefusal(exception.Error))
            {
                Learn(exception.Error!);
            }
        }

        return await client.PublishAsync(Park(message, messageType), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Publishes copies of one message, which are due at the same time.</summary>
    public async Task<IReadOnlyList<QStashBatchResult>> BatchAsync(QStashMessage[] messages, Type messageType, CancellationToken cancellationToken)
    {
        if (!Exceeds(messages[0]))
        {
            var results = await client.BatchAsync(messages, cancellationToken).ConfigureAwait(false);

            if (results.FirstOrDefault(result => IsRefusal(result.Error)) is not { } refused)
                return results;

            Learn(refused.Error!);
        }

        return await client.BatchAsync(messages.Select(message => Park(message, messageType)).ToArray(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a parked message on, to its destination or to the next stop.</summary>
    /// <remarks>
    /// QStash recognises a repeat for ten minutes only (contract 3.10), and the next attempt at this may come later. So what an
    /// earlier attempt sent on, which is not due for long, is cancelled first.
    /// </remarks>
    public async Task SendOnAsync(ParkedMessage parked, CancellationToken cancellationToken)
    {
        var next = parked.Next();

        await labels.CancelAsync(next.Label, cancellationToken).ConfigureAwait(false);

        if (!Exceeds(next.Message))
        {
            try
            {
                await client.PublishAsync(next.ToMessage(time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (QStashException exception) when (IsRefusal(exception.Error))
            {
                Learn(exception.Error!);
            }
        }

        await client.PublishAsync(ToParking(next), cancellationToken).ConfigureAwait(false);
    }

    QStashMessage Park(QStashMessage message, Type messageType)
    {
        if (!settings.AllowsRescheduling)
        {
            throw new MessageException(messageType, string.Create(CultureInfo.InvariantCulture,
                $"The message to {message.Destination} is due in {GetDue(message) - time.GetUtcNow():d'.'hh':'mm':'ss}, and QStash keeps messages no longer than {_limit:d'.'hh':'mm':'ss} (QStash:MaxDelay, or the limit of the plan). Schedule it later, or park it with cfg.Host(h => h.AllowRescheduling())."));
        }

        return ToParking(ParkedMessage.Create(message, GetDue(message) ?? time.GetUtcNow()));
    }

    QStashMessage ToParking(ParkedMessage parked)
    {
        var message = parked.Message;

        return new QStashMessage
        {
            Destination = parkingAddress.AbsoluteUri,
            Body = message.Body,
            ContentType = message.ContentType,
            NotBefore = NextStop(message.NotBefore!.Value),
            DeduplicationId = message.DeduplicationId is { } id ? $"{id}-parked" : null,
            Retries = Math.Max(message.Retries ?? 0, ParkedRetries),
            RetryDelay = ParkedRetryDelay,
            FailureCallback = message.FailureCallback,
            FailureCallbackOptions = message.FailureCallbackOptions,
            ForwardHeaders = parked.ToHeaders(),
            Labels = [.. message.Labels, parked.Label],
            RedactFields = ParkedMessage.Redact(message.RedactFields),
        };
    }

    // Divided evenly, so that no stop is shortly before the end, and a service that is down for a while makes nothing late.
    // A hundredth is left to clocks that differ.
    DateTimeOffset NextStop(DateTimeOffset due)
    {
        var now = time.GetUtcNow();
        var stops = Math.Ceiling((due - now) / ((_limit ?? SmallestLimit) * 0.99));

        return DateTimeOffset.FromUnixTimeSeconds((now + ((due - now) / stops)).ToUnixTimeSeconds());
    }

    // A limit that was learned saves calls where there is something else to do. Where there is not, QStash is asked each time: the
    // plan may have changed.
    bool Exceeds(QStashMessage message) =>
        (settings.AllowsRescheduling ? _limit : settings.LongestDelay) is { } limit && GetDue(message) is { } due && due - time.GetUtcNow() > limit;

    DateTimeOffset? GetDue(QStashMessage message) => message.NotBefore ?? time.GetUtcNow() + message.Delay;

    void Learn(string refusal) =>
        _limit = LimitPattern().Match(refusal) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : _limit ?? SmallestLimit;

    // Told by the text, for the status is that of any quota (contract 1.4).
    static bool IsRefusal(string? error) => error?.Contains("maxDelay", StringComparison.OrdinalIgnoreCase) == true;

    [GeneratedRegex(@"limit:\s*(\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex LimitPattern();
}
