using System.Diagnostics;

namespace MassTransit.QStash.Soak.Processes;

/// <summary>A .NET program in a process of its own, which is killed in the end.</summary>
sealed class ChildProcess : IAsyncDisposable
{
    readonly Process _process;
    readonly Task _reading;
    volatile bool _isKilled;

    ChildProcess(Process process, Action<string> read, Action ended)
    {
        _process = process;
        _reading = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
                read(line);

            if (!_isKilled)
                ended();
        });
    }

    /// <param name="program">The assembly, beside this one.</param>
    /// <param name="read">Gets every line it prints.</param>
    /// <param name="ended">Called if it ends by itself.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ChildProcess Start(string program, Action<string> read, Action ended, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments]) { RedirectStandardOutput = true };
        // Those of the machine would lead to a real account.
        start.Environment.Remove("QSTASH_TOKEN");
        start.Environment.Remove("QSTASH_URL");
        return new ChildProcess(Process.Start(start)!, read, ended);
    }

    /// <summary>SIGKILL; the program learns nothing of it. What it had printed has been read when this completes.</summary>
    public async ValueTask DisposeAsync()
    {
        _isKilled = true;
        if (!_process.HasExited)
            _process.Kill();

        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }
}
