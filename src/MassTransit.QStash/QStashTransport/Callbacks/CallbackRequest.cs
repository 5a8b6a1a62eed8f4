using MassTransit.QStashTransport.Configuration;
using MassTransit.QStashTransport.Sending;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Callbacks;

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
    /// <param name="hostConfiguration">Knows which addresses are legal.</param>
    /// <param name="source">For plain JSON, what the callback has to tell of the message; else null.</param>
    /// <param name="body">The body of the message.</param>
    public static void Complete(QStashDeliverySettings settings, QStashHostConfiguration hostConfiguration, string? source, ReadOnlyMemory<byte> body)
    {
        if (settings.Callback is null && settings.FailureCallback is null)
            return;

        var proof = hostConfiguration.Proof.Create(AccountProof.Source, source ?? "", body.Span);

        if (settings.Callback is not null)
        {
            settings.Callback = Resolve(settings.Callback, nameof(settings.Callback), Normalize);
            Mark(settings.CallbackOptions ??= new(), CallbackHeaders.Attempt, settings, source, proof);
        }

        if (settings.FailureCallback is not null)
        {
            settings.FailureCallback = Resolve(settings.FailureCallback, nameof(settings.FailureCallback), Normalize);
            Mark(settings.FailureCallbackOptions ??= new(), CallbackHeaders.Failure, settings, source, proof);
        }

        Uri Normalize(Uri address) => QStashTransportProvider.NormalizeAddress(hostConfiguration, address);
    }

    /// <summary>Finds the endpoints that callbacks are to go to.</summary>
    /// <exception cref="EndpointNotFoundException">One leads nowhere.</exception>
    public static async ValueTask ResolveAsync(QStashDeliverySettings settings, QStashHostConfiguration hostConfiguration, CancellationToken cancellationToken)
    {
        if (settings.Callback is { IsAbsoluteUri: true })
            settings.Callback = await SendAddresses.ResolveAsync(settings.Callback, nameof(settings.Callback), hostConfiguration, cancellationToken).ConfigureAwait(false);

        if (settings.FailureCallback is { IsAbsoluteUri: true })
            settings.FailureCallback = await SendAddresses.ResolveAsync(settings.FailureCallback, nameof(settings.FailureCallback), hostConfiguration, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The name in a <c>queue:</c> address that is neither that of an endpoint of the bus nor of a route; else null.</summary>
    public static string? FindUnknownEndpoint(QStashHostConfiguration hostConfiguration, Uri? address) =>
        address is { IsAbsoluteUri: true, Scheme: "queue" or "exchange" }
        && EndpointName.Read(address) is var name
        && hostConfiguration.FindEndpoint(name) is null
            ? name
            : null;

    /// <summary>What to do about such a name.</summary>
    public static string AdviseOn(string endpointName) =>
        $"neither an endpoint of this bus nor a route has this name, so it is looked for in the URL groups, and each send fails while it is not found. Correct it, or say where it is with h.Route(\"{endpointName}\", address)";

    /// <summary>Checks settings before there is a bus, with which <c>queue:</c> addresses could be resolved.</summary>
    /// <exception cref="ArgumentException">A value is not legal.</exception>
    public static void Validate(QStashDeliverySettings settings)
    {
        var copy = new QStashDeliverySettings(settings);

        copy.Callback = copy.Callback is null ? null : Resolve(copy.Callback, nameof(copy.Callback), StandIn);
        copy.FailureCallback = copy.FailureCallback is null ? null : Resolve(copy.FailureCallback, nameof(copy.FailureCallback), StandIn);
        copy.Validate();
    }

    /// <summary>
    /// Takes away the callbacks that all messages of the bus have: a callback about a message that a callback caused would go on
    /// for ever.
    /// </summary>
    public static void RemoveHostWide(QStashDeliverySettings settings, QStashDeliverySettings hostWide)
    {
        if (settings.Callback == hostWide.Callback)
            (settings.Callback, settings.CallbackOptions) = (null, null);

        if (settings.FailureCallback == hostWide.FailureCallback)
            (settings.FailureCallback, settings.FailureCallbackOptions) = (null, null);
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
        if (!address.IsAbsoluteUri || address.Scheme == QStashTransportProvider.UrlGroupScheme)
            throw new ArgumentException($"{setting} is '{address}'. QStash calls one URL: use queue:endpoint-name or an absolute https URL.");

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

        // A callback has the retries of its message unless it has its own (sharp edge 45).
        DeliveryTerms.Add(options.ForwardHeaders, options.Retries ?? settings.Retries, options.Timeout);
    }
}
