using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Prepares the callbacks of a message. QStash does not mark callbacks, so they get our own headers, by which the receiving endpoint
/// recognises them.
/// </summary>
static class CallbackRequest
{
    // Stands for an endpoint of this or another service when only the form of an address is checked.
    static readonly Uri AnyEndpoint = new("https://endpoint.invalid");

    /// <summary>Completes the callbacks of a message or of a schedule for QStash.</summary>
    /// <param name="settings">A copy that belongs to the message.</param>
    /// <param name="addresses">Knows which addresses are legal.</param>
    /// <param name="proof">Proves data that the signature of a delivery does not cover.</param>
    /// <param name="source">For plain JSON, the data about the message that the callback has to carry; else null.</param>
    /// <param name="body">The body of the message.</param>
    public static void Complete(
        QStashDeliverySettings settings, KnownAddresses addresses, AccountProof proof, string? source, ReadOnlyMemory<byte> body)
    {
        if (settings.Callback is null && settings.FailureCallback is null)
            return;

        var text = proof.Create(AccountProof.Source, source ?? "", body.Span);

        Complete(settings.Callback, nameof(settings.Callback), CallbackHeaders.Attempt);
        Complete(settings.FailureCallback, nameof(settings.FailureCallback), CallbackHeaders.Failure);

        void Complete(QStashCallbackSettings? callback, string setting, string kind)
        {
            if (callback is null)
                return;

            callback.Url = Resolve(callback.Url, setting, addresses.Normalize);
            Mark(callback, kind, settings, source, text);
        }
    }

    /// <summary>Resolves the addresses that callbacks go to.</summary>
    /// <exception cref="EndpointNotFoundException">No endpoint is known by the name in an address.</exception>
    public static async ValueTask ResolveAsync(QStashDeliverySettings settings, AddressBook addresses, CancellationToken cancellationToken)
    {
        await ResolveAsync(settings.Callback, nameof(settings.Callback), addresses, cancellationToken).ConfigureAwait(false);
        await ResolveAsync(settings.FailureCallback, nameof(settings.FailureCallback), addresses, cancellationToken).ConfigureAwait(false);
    }

    static async ValueTask ResolveAsync(QStashCallbackSettings? callback, string setting, AddressBook addresses,
        CancellationToken cancellationToken)
    {
        if (callback is { Url.IsAbsoluteUri: true })
            callback.Url = (await addresses.ResolveAsync(callback.Url, setting, cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>Checks settings before there is a bus that could resolve <c>queue:</c> addresses.</summary>
    /// <exception cref="ArgumentException">A value is not legal.</exception>
    public static void Validate(QStashDeliverySettings settings)
    {
        var copy = new QStashDeliverySettings(settings);

        if (copy.Callback is { Url: not null } callback)
            callback.Url = Resolve(callback.Url, nameof(copy.Callback), StandIn);

        if (copy.FailureCallback is { Url: not null } failureCallback)
            failureCallback.Url = Resolve(failureCallback.Url, nameof(copy.FailureCallback), StandIn);

        copy.Validate();
    }

    static Uri StandIn(Uri address) => address.Scheme switch
    {
        "queue" or "exchange" when EndpointName.Read(address) is not null => AnyEndpoint,
        _ => address,
    };

    static Uri Resolve(Uri? address, string setting, Func<Uri, Uri> resolve)
    {
        if (address is not { IsAbsoluteUri: true } || address.Scheme == KnownAddresses.UrlGroupScheme)
            throw new ArgumentException($"{setting} is '{address}'. QStash calls one URL: use queue:endpoint-name or an absolute https "
                + "URL.");

        try
        {
            return resolve(address);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"{setting}: {exception.Message}", exception);
        }
    }

    static void Mark(QStashCallbackSettings callback, string kind, QStashDeliverySettings settings, string? source, string proof)
    {
        callback.ForwardHeaders[CallbackHeaders.Kind] = kind;
        callback.ForwardHeaders[CallbackHeaders.Proof] = proof;

        if (source is not null)
            callback.ForwardHeaders[CallbackHeaders.Source] = source;

        // A callback gets the retries of its message unless it has its own.
        DeliveryTerms.Add(callback.ForwardHeaders, callback.Retries ?? settings.Retries, callback.Timeout);
    }
}
