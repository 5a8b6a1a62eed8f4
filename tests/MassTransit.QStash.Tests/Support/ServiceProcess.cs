using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
using MassTransit.QStash.TestService;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// The test service in a process of its own, which can be killed.
/// </summary>
sealed class ServiceProcess : IAsyncDisposable
{
    readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    readonly Process _process;

    ServiceProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, e) =>
        {
            if (e.Data is not null)
                _lines.Writer.TryWrite(e.Data);
            else
                _lines.Writer.TryComplete();
        };
        _process.BeginOutputReadLine();
    }

    public static async Task<ServiceProcess> StartAsync(Cloud cloud, string host, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[typeof(WorkOrdered).Assembly.Location, cloud.Emulator.Url.AbsoluteUri, $"http://{host}", .. arguments])
            start.ArgumentList.Add(argument);

        var service = new ServiceProcess(Process.Start(start)!);

        const string listening = "listening ";
        var line = await service.WaitForLineAsync(listening);
        cloud.Resolve(host, IPEndPoint.Parse(new Uri(line[listening.Length..]).Authority));

        return service;
    }

    /// <summary>The names of the files that the process has loaded. Linux only.</summary>
    public IReadOnlySet<string> ReadLoadedFiles() =>
        File.ReadLines($"/proc/{_process.Id}/maps").Select(line => Path.GetFileName(line[(line.LastIndexOf(' ') + 1)..])).ToHashSet();

    /// <summary>Waits until the service prints a line that starts like this.</summary>
    public async Task<string> WaitForLineAsync(string start)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(Cancellation))
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
                return line;
        }

        throw new InvalidOperationException($"The service ended without printing '{start}'.");
    }

    /// <summary>Ends the process at once, as the kernel does when memory runs out.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();

        _process.Dispose();
    }
}
