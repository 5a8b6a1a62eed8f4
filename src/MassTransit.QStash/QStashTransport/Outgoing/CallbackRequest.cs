using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// What a message asks of QStash when it wants callbacks. They are marked with headers of ours, by which the endpoint that gets one
/// knows it: QStash marks them in no way.
/// </summary>
static class CallbackRequest
{
    // Stands for an endpoint of this or another service where only the form of an address is checked.
    static readonly Uri AnyEndpoint = new("https://endpoint.invalid");

    public static void SetCallback(QStashDeliverySettings settings, Uri? address, Action<QStashCallbackOptions>? configure) =>
        (settings.Callback, settings.CallbackOptions) = (address, CreateOptions(address, configure));

    public static void SetFailureCallback(QStashDeliverySettings settings, Uri? address, Action<QStashCallbackOptions>? configure) =>
        (settings.FailureCallback, settings.FailureCallbackOptions) = (address, CreateOptions(address, configure));

    /// <summary>Makes the callbacks of a message, or of a schedule, what QStash expects.</summary>
    /// <param name="settings">A copy that belongs to the message.</param>
    /// <param name="addresses">Knows which addresses are legal.</param>
    /// <param name="proof">Proves what the signature of a delivery does not cover.</param>
    /// <param name="source">For plain JSON, what the callback has to tell of the message; else null.</param>
    /// <param name="body">The body of the message.</param>
    public static void Complete(QStashDeliverySettings settings, KnownAddresses addresses, AccountProof proof, string? source,
        ReadOnlyMemory<byte> body)
    {
        if (settings.Callback is null && settings.FailureCallback is null)
            return;

        var text = proof.Create(AccountProof.Source, source ?? "", body.Span);

        if (settings.Callback is not null)
        {
            settings.Callback = Resolve(settings.Callback, nameof(settings.Callback), addresses.Normalize);
            Mark(settings.CallbackOptions ??= new(), CallbackHeaders.Attempt, settings, source, text);
        }

        if (settings.FailureCallback is not null)
        {
            settings.FailureCallback = Resolve(settings.FailureCallback, nameof(settings.FailureCallback), addresses.Normalize);
            Mark(settings.FailureCallbackOptions ??= new(), CallbackHeaders.Failure, settings, source, text);
        }
    }

    /// <summary>Finds the endpoints that callbacks are to go to.</summary>
    /// <exception cref="EndpointNotFoundException">One leads nowhere.</exception>
    public static async ValueTask ResolveAsync(QStashDeliverySettings settings, AddressBook addresses, CancellationToken cancellationToken)
    {
        if (settings.Callback is { IsAbsoluteUri: true })
            settings.Callback = await addresses.ResolveAsync(settings.Callback, nameof(settings.Callback), cancellationToken)
                .ConfigureAwait(false);

        if (settings.FailureCallback is { IsAbsoluteUri: true })
            settings.FailureCallback = await addresses.ResolveAsync(settings.FailureCallback, nameof(settings.FailureCallback),
                cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks settings before there is a bus, with which <c>queue:</c> addresses could be resolved.</summary>
    /// <exception cref="ArgumentException">A value is not legal.</exception>
    public static void Validate(QStashDeliverySettings settings)
    {
        var copy = new QStashDeliverySettings(settings);

        copy.Callback = copy.Callback is null ? null : Resolve(copy.Callback, nameof(copy.Callback), StandIn);
        copy.FailureCallback = copy.FailureCallback is null ? null : Resolve(copy.FailureCallback, nameof(copy.FailureCallback), StandIn);
        copy.Validate();
    }

    static QStashCallbackOptions? CreateOptions(Uri? address, Action<QStashCallbackOptions>? configure)
    {
        if (address is null || configure is null)
            return null;

        var options = new QStashCallbackOptions();
        configure(options);

        return options;
    }

    static Uri StandIn(Uri address) => address.Scheme switch
    {
        "queue" or "exchange" when EndpointName.Read(address) is not null => AnyEndpoint,
        _ => address,
    };

    static Uri Resolve(Uri address, string setting, Func<Uri, Uri> resolve)
    {
        if (!address.IsAbsoluteUri || address.Scheme == KnownAddresses.UrlGroupScheme)
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

    static void Mark(QStashCallbackOptions options, string kind, QStashDeliverySettings settings, string? source, string proof)
    {
        options.ForwardHeaders[CallbackHeaders.Kind] = kind;
        options.ForwardHeaders[CallbackHeaders.Proof] = proof;

        if (source is not null)
            options.ForwardHeaders[CallbackHeaders.Source] = source;

        // A callback has the retries of its message unless it has its own.
        DeliveryTerms.Add(options.ForwardHeaders, options.Retries ?? settings.Retries, options.Timeout);
    }
}
