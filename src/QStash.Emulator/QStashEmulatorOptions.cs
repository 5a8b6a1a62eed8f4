using System.Net;

namespace QStash.Emulator;

/// <summary>How an emulator is set up.</summary>
public sealed class QStashEmulatorOptions
{
    /// <summary>
    /// Where to listen: 127.0.0.1 by default. Any other address, for example <see cref="IPAddress.Any"/> in a container, opens the emulator
    /// to anybody who can reach it, because its tokens are public; <c>/emulator/*</c> still answers only to this machine.
    /// </summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>
    /// Host names the emulator answers to besides <c>localhost</c> and the addresses of this machine, for example the name of its
    /// container. Others get 403, because a web page may have made the name of its own site resolve to this machine. <c>*</c> stands
    /// for all. Empty by default.
    /// </summary>
    public IReadOnlyCollection<string> AllowedHosts { get; init; } = [];

    /// <summary>
    /// Web pages that may use the emulator, by their origin, for example <c>https://app.example.com</c>. By default, pages of this machine
    /// and of <c>https://console.upstash.com</c> may call <c>/v2</c> with a token in the header <c>Authorization</c>, and all others
    /// get 403. <c>*</c> stands for all. <c>/emulator/*</c> is answered to the emulator's own pages only.
    /// </summary>
    public IReadOnlyCollection<string> AllowedOrigins { get; init; } = [];

    /// <summary>The port to listen on. 0, the default, takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// The clock of delays, back-offs, timeouts and signatures. Default: the system clock. See <see cref="VirtualClock"/>.
    /// </summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Where deliveries go instead of the network, for example the handler of a <c>TestServer</c>. The emulator does
    /// not dispose it, and it must neither follow redirects nor keep cookies. Unlike on the network, .NET resolves dot
    /// segments of the URL on the way.
    /// </summary>
    public HttpMessageHandler? DeliveryHandler { get; init; }

    /// <summary>Creates the logger that gets one line for each delivery attempt. Nothing is logged by default.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>The limits of each user. Default: <see cref="QuotaPlan.None"/>, with almost no limits.</summary>
    public QuotaPlan Quota { get; init; } = QuotaPlan.None;

    /// <summary>
    /// The region that deliveries say they come from: <c>EU_CENTRAL_1</c>, the default, or <c>US_EAST_1</c>.
    /// </summary>
    public string Region { get; init; } = "EU_CENTRAL_1";

    /// <summary>
    /// Serves the dashboard at <c>/</c>: messages and their attempts, dead letters, schedules, URL groups, queues and flow
    /// control of all users. Off by default.
    /// </summary>
    public bool EnableDashboard { get; init; }

    /// <summary>
    /// Answers the control surface, <c>/emulator/*</c>: clock, faults, snapshot, reset, waiting. Off by default. It needs no token, and
    /// answers only on loopback connections. The same functions are available from .NET in any case.
    /// </summary>
    public bool EnableControl { get; init; }

    /// <summary>
    /// A file that keeps everything: messages, queues, URL groups, schedules, flow control keys, dead letters, the log, deduplication and
    /// rotated signing keys. An answered call is in the file and survives the end of the process at any moment. A message that was being
    /// delivered at that moment is delivered again by the next emulator that starts with the file. The file is created if it does not
    /// exist, but its directory is not. Only one emulator at a time can use it. By default state is in memory only.
    /// </summary>
    /// <remarks>A SQLite database. Clock, fault rules and options are not in it.</remarks>
    public string? DataPath { get; init; }

    /// <summary>
    /// Starts even if the write-ahead log of <see cref="DataPath"/> is damaged, and keeps everything that was accepted before the damage.
    /// The log says what is missing. Off by default: then the start fails.
    /// </summary>
    public bool AcceptDataLoss { get; init; }

    /// <exception cref="ArgumentException">Names the option that cannot be used.</exception>
    internal void Validate()
    {
        if (Port is < 0 or > ushort.MaxValue)
            throw new ArgumentException($"{nameof(Port)} must be between 0 and {ushort.MaxValue}.");

        if (Region is not ("EU_CENTRAL_1" or "US_EAST_1"))
            throw new ArgumentException($"{nameof(Region)} must be EU_CENTRAL_1 or US_EAST_1.");

        if (AllowedHosts.FirstOrDefault(static host => host.Length == 0 || host.AsSpan().ContainsAny("/: ")) is { } wrong)
            throw new ArgumentException($"{nameof(AllowedHosts)} takes names without scheme and port, and not '{wrong}'.");

        if (AllowedOrigins.FirstOrDefault(static origin => origin != "*" && !Uri.TryCreate(origin, UriKind.Absolute, out _)) is { } odd)
            throw new ArgumentException($"{nameof(AllowedOrigins)} takes origins such as https://app.example.com, and not '{odd}'.");

        Quota.Validate();
    }
}
