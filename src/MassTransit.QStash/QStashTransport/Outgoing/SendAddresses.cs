using MassTransit.QStashTransport.Addresses;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Makes absolute the addresses that go with a message: what <c>queue:name</c> leads to, another service cannot know.
/// </summary>
static class SendAddresses
{
    /// <exception cref="ArgumentException">One cannot be an address.</exception>
    /// <exception cref="EndpointNotFoundException">One leads nowhere.</exception>
    public static async ValueTask ResolveAsync(QStashSendContext context, AddressBook addresses)
    {
        var cancellationToken = context.CancellationToken;

        context.SourceAddress = await Resolve(context.SourceAddress, nameof(context.SourceAddress)).ConfigureAwait(false);
        context.ResponseAddress = await Resolve(context.ResponseAddress, nameof(context.ResponseAddress)).ConfigureAwait(false);
        context.FaultAddress = await Resolve(context.FaultAddress, nameof(context.FaultAddress)).ConfigureAwait(false);

        foreach (var (name, address, isText) in FindNames(context.Headers))
        {
            var resolved = (await Resolve(address, $"Header {name}").ConfigureAwait(false))!;
            context.Headers.Set(name, isText ? resolved.ToString() : resolved);
        }

        await CallbackRequest.ResolveAsync(context.Delivery, addresses, cancellationToken).ConfigureAwait(false);

        ValueTask<Uri?> Resolve(Uri? address, string what) => addresses.ResolveAsync(address, what, cancellationToken);
    }

    // An address among the headers is a Uri, or a text in one of MassTransit's own, where an outbox or a serializer wrote it.
    static List<(string Name, Uri Address, bool IsText)> FindNames(SendHeaders headers)
    {
        List<(string, Uri, bool)> found = [];

        foreach (var header in headers)
        {
            var address = header.Value as Uri;

            if (header.Value is string text && header.Key.StartsWith("MT-", StringComparison.Ordinal)
                && header.Key.EndsWith("Address", StringComparison.Ordinal))
                Uri.TryCreate(text, UriKind.Absolute, out address);

            if (address is { IsAbsoluteUri: true, Scheme: "queue" or "exchange" })
                found.Add((header.Key, address, header.Value is string));
        }

        return found;
    }
}
