using MassTransit.QStashTransport.Addresses;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Makes the addresses that go with a message absolute, because another service cannot know where <c>queue:name</c> leads.
/// </summary>
static class SendAddresses
{
    /// <exception cref="ArgumentException">An address is not legal.</exception>
    /// <exception cref="EndpointNotFoundException">No endpoint is known by the name in an address.</exception>
    public static async ValueTask ResolveAsync(QStashSendContext context, AddressBook addresses)
    {
        var cancellationToken = context.CancellationToken;

        context.SourceAddress = await Resolve(context.SourceAddress, nameof(context.SourceAddress)).ConfigureAwait(false);
        context.ResponseAddress = await Resolve(context.ResponseAddress, nameof(context.ResponseAddress)).ConfigureAwait(false);
        context.FaultAddress = await Resolve(context.FaultAddress, nameof(context.FaultAddress)).ConfigureAwait(false);

        if (FindNames(context.Headers) is { } names)
        {
            foreach (var (name, address, isText) in names)
            {
                var resolved = (await Resolve(address, $"Header {name}").ConfigureAwait(false))!;
                context.Headers.Set(name, isText ? resolved.ToString() : resolved);
            }
        }

        await CallbackRequest.ResolveAsync(context.Delivery, addresses, cancellationToken).ConfigureAwait(false);

        ValueTask<Uri?> Resolve(Uri? address, string what) => addresses.ResolveAsync(address, what, cancellationToken);
    }

    // Null if there are none. An address among the headers is a Uri. In MassTransit's own headers it may be a text, which an outbox or a
    // serializer wrote.
    static List<(string Name, Uri Address, bool IsText)>? FindNames(SendHeaders headers)
    {
        List<(string, Uri, bool)>? found = null;

        foreach (var (name, value) in headers.GetAll())
        {
            var address = value as Uri;

            if (value is string text && name.StartsWith("MT-", StringComparison.Ordinal)
                && name.EndsWith("Address", StringComparison.Ordinal))
                Uri.TryCreate(text, UriKind.Absolute, out address);

            if (address is { IsAbsoluteUri: true, Scheme: "queue" or "exchange" })
                (found ??= []).Add((name, address, value is string));
        }

        return found;
    }
}
