using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace QStash.Emulator.Tests.Support;

/// <summary>The emulator as a program in a process of its own, which can be killed.</summary>
sealed class EmulatorProcess : IAsyncDisposable
{
    const string Running = "QStash emulator is running at ";

    readonly Process _process;

    EmulatorProcess(Process process, Uri url)
    {
        _process = process;
        Url = url;
    }

    public Uri Url { get; }

    /// <summary>A port that is free now; the program does not take 0.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static async Task<EmulatorProcess> StartAsync(params string[] arguments)
    {
        var process = Launch(arguments);
        var url = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        // Everything is read, because the program would wait for somebody to.
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
                url.TrySetException(new InvalidOperationException("The emulator ended before it ran."));
            else if (line.Data.StartsWith(Running, StringComparison.Ordinal))
                url.TrySetResult(new Uri(line.Data[Running.Length..]));
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new EmulatorProcess(process, await url.Task.WaitAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Runs the program until it ends by itself.</summary>
    public static async Task<(int ExitCode, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Launch(arguments);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error);
    }

    /// <summary>Ends the process at once (SIGKILL), as the kernel does when memory runs out.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();

        _process.Dispose();
    }

    static Process Launch(string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", [typeof(QStashEmulator).Assembly.Location, .. arguments])
    {
        RedirectStandardError = true,
        RedirectStandardOutput = true,
    })!;
}
