using System.Reflection;
using MassTransit.Courier.Contracts;
using MassTransit.Courier.Messages;
using MassTransit.QStashTransport.Addresses;
using MassTransit.Scheduling;
using MassTransit.Serialization;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Makes the addresses absolute that MassTransit writes into its own messages: routing slips and their events, commands to a scheduler, and
/// messages of the job service. Messages of the application stay unchanged.
/// </summary>
static class ContractAddresses
{
    /// <param name="message">Any message.</param>
    /// <param name="addresses">Resolves the addresses.</param>
    /// <param name="cancellationToken">Cancels the lookups.</param>
    /// <returns>The message, or a changed copy of it.</returns>
    public static ValueTask<T> ResolveAsync<T>(T message, AddressBook addresses, CancellationToken cancellationToken)
        where T : class =>
        typeof(T).Assembly == typeof(RoutingSlip).Assembly
            ? ResolveAsync(message, async (address, what) =>
                (await addresses.ResolveAsync(address, what, cancellationToken).ConfigureAwait(false))!)
            : new(message);

    // The second argument of resolve says what the address is, for errors.
    static async ValueTask<T> ResolveAsync<T>(T message, Func<Uri, string, ValueTask<Uri>> resolve)
        where T : class
    {
        switch (message)
        {
            // Copy the slip, because it belongs to the code that built it.
            case RoutingSlip slip when typeof(T) == typeof(RoutingSlip):
                return (T)await ResolveSlipAsync(slip, resolve).ConfigureAwait(false);

            case RoutingSlipRevisedMessage revised:
                revised.Itinerary = await ResolveItineraryAsync(revised.Itinerary, resolve).ConfigureAwait(false);
                revised.DiscardedItinerary = await ResolveItineraryAsync(revised.DiscardedItinerary, resolve).ConfigureAwait(false);
                break;

            case RoutingSlipTerminatedMessage terminated:
                terminated.DiscardedItinerary = await ResolveItineraryAsync(terminated.DiscardedItinerary, resolve).ConfigureAwait(false);
                break;

            default:
                await ResolvePropertiesAsync(message, resolve).ConfigureAwait(false);
                break;
        }

        return message;
    }

    static async ValueTask<RoutingSlip> ResolveSlipAsync(RoutingSlip slip, Func<Uri, string, ValueTask<Uri>> resolve)
    {
        var itinerary = await ResolveItineraryAsync(slip.Itinerary, resolve).ConfigureAwait(false);
        var compensateLogs = new List<CompensateLog>();
        var subscriptions = new List<Subscription>();

        foreach (var log in slip.CompensateLogs ?? [])
            compensateLogs.Add(new RoutingSlipCompensateLog(log)
            {
                Address = await resolve(log.Address, "A compensation of the routing "
                + "slip").ConfigureAwait(false)
            });

        foreach (var subscription in slip.Subscriptions ?? [])
        {
            subscriptions.Add(new RoutingSlipSubscription(subscription)
            {
                Address = await resolve(subscription.Address, "A subscription of the routing slip").ConfigureAwait(false),
                Message = subscription.Message is null
                    ? null
                    : await ResolveEnvelopeAsync(subscription.Message, resolve).ConfigureAwait(false),
            });
        }

        return new RoutingSlipRoutingSlip(slip.TrackingNumber, slip.CreateTimestamp, itinerary, slip.ActivityLogs ?? [], compensateLogs,
            slip.ActivityExceptions ?? [], slip.Variables, subscriptions);
    }

    static async ValueTask<Activity[]> ResolveItineraryAsync(IList<Activity>? activities, Func<Uri, string, ValueTask<Uri>> resolve)
    {
        var resolved = new List<Activity>();

        foreach (var activity in activities ?? [])
            resolved.Add(new RoutingSlipActivity(activity)
            {
                Address = await resolve(activity.Address, $"Activity {activity.Name} of "
                + "the routing slip").ConfigureAwait(false)
            });

        return [.. resolved];
    }

    // Resolves the addresses in the message that a subscriber to a routing slip gets.
    static async ValueTask<MessageEnvelope> ResolveEnvelopeAsync(MessageEnvelope envelope, Func<Uri, string, ValueTask<Uri>> resolve)
    {
        return new JsonMessageEnvelope(envelope)
        {
            SourceAddress = await Resolve(envelope.SourceAddress).ConfigureAwait(false),
            DestinationAddress = await Resolve(envelope.DestinationAddress).ConfigureAwait(false),
            ResponseAddress = await Resolve(envelope.ResponseAddress).ConfigureAwait(false),
            FaultAddress = await Resolve(envelope.FaultAddress).ConfigureAwait(false),
        };

        async ValueTask<string?> Resolve(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var address)
            ? (await resolve(address, "A subscription of the routing slip").ConfigureAwait(false)).ToString()
            : text;
    }

    // These messages may be changed, because MassTransit creates them anew for each send.
    static async ValueTask ResolvePropertiesAsync(object message, Func<Uri, string, ValueTask<Uri>> resolve)
    {
        foreach (var property in message.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.PropertyType == typeof(Uri) && property.CanWrite && property.GetValue(message) is Uri address)
                property.SetValue(message, await resolve(address, $"{property.Name} in {message.GetType().Name}").ConfigureAwait(false));
        }

        // A scheduler forwards this message unchanged.
        var payload = message is ScheduleMessage or ScheduleRecurringMessage
            ? message.GetType().GetProperty(nameof(ScheduleMessage.Payload))
            : null;

        if (payload is { CanWrite: true } && payload.GetValue(message) is RoutingSlip slip)
            payload.SetValue(message, await ResolveSlipAsync(slip, resolve).ConfigureAwait(false));
    }
}
