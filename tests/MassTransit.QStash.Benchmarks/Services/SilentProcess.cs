using System.Globalization;
using MassTransit.QStash.Benchmarks.Load;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>
/// A server that accepts everything at once, or after a round trip, in a process of its own: what it costs is not measured.
/// </summary>
sealed class SilentProcess(ChildProcess process, Uri url) : IAsyncDisposable
{
    public const string Argument = "--silent";

    public Uri Url => url;

    /// <inheritdoc cref="SilentQStash.Start"/>
    public static async Task<SilentProcess> Start(TimeSpan roundTrip, HttpProtocols? protocols)
    {
        var process = ChildProcess.Start(typeof(SilentProcess).Assembly.Location, Argument,
            roundTrip.TotalMilliseconds.ToString(CultureInfo.InvariantCulture), $"{protocols}");

        return new SilentProcess(process, new Uri(await process.WaitForLine("://")));
    }

    public static async Task Run(string[] options)
    {
        var roundTrip = TimeSpan.FromMilliseconds(double.Parse(options[0], CultureInfo.InvariantCulture));
        await using var server = await SilentQStash.Start(roundTrip, Enum.TryParse<HttpProtocols>(options[1], out var protocols) ? protocols : null);

        Console.WriteLine(server.Url);
        await server.WaitForShutdown();
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
