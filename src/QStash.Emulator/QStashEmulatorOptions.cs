namespace QStash.Emulator;

/// <summary>How an emulator is set up.</summary>
public sealed class QStashEmulatorOptions
{
    /// <summary>The port to listen on at 127.0.0.1. 0, the default, takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The clock of delays, back-offs, timeouts and signatures. The system clock by default; see <see cref="VirtualClock"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Where deliveries go instead of the network, for example the handler of a <c>TestServer</c>. The emulator does
    /// not dispose it, and it must neither follow redirects nor keep cookies. Unlike on the network, .NET resolves dot
    /// segments of the URL on the way (sharp edge 2).
    /// </summary>
    public HttpMessageHandler? DeliveryHandler { get; init; }

    /// <summary>Receives one line for each delivery attempt. Nothing is logged by default.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>
    /// The largest message body in bytes; larger ones are refused with 400. 10 MiB by default, as on the pay-as-you-go
    /// plan (contract 8).
    /// </summary>
    public int MaxMessageSize { get; init; } = 10 * 1024 * 1024;

    /// <summary>
    /// The furthest a delivery can be put off; later ones are refused with 400. One year by default, as on the
    /// pay-as-you-go plan (contract 8).
    /// </summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromDays(365);

    /// <summary>
    /// Answers the control surface, <c>/emulator/*</c>: clock, faults, snapshot, reset, waiting. Off by default; it needs no
    /// token, and is answered on loopback connections only. What it does is available from .NET in any case.
    /// </summary>
    public bool EnableControl { get; init; }

    /// <exception cref="ArgumentException">Names the option that cannot be used.</exception>
    internal void Validate()
    {
        if (Port is < 0 or > ushort.MaxValue)
            throw new ArgumentException($"{nameof(Port)} must be between 0 and {ushort.MaxValue}.");

        if (MaxMessageSize < 1)
            throw new ArgumentException($"{nameof(MaxMessageSize)} must be at least 1 byte.");

        if (MaxDelay < TimeSpan.Zero)
            throw new ArgumentException($"{nameof(MaxDelay)} must not be negative.");
    }
}
