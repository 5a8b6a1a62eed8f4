using System.Diagnostics;
using System.Threading.Channels;

namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>
/// A program in a process of its own, ended with this one.
/// </summary>
sealed class ChildProcess : IAsyncDisposable
{
    readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    readonly Process _process;

    ChildProcess(Process process) => _process = process;

    public long WorkingSet
    {
        get
        {
            _process.Refresh();

            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a .NET assembly.</summary>
    public static ChildProcess Start(string assembly, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
        };

        foreach (var argument in (string[])[assembly, .. arguments])
            start.ArgumentList.Add(argument);

        var process = new Process { StartInfo = start };
        var child = new ChildProcess(process);
        process.OutputDataReceived += (_, e) =>
        {
            if (e.Data is { } line)
                child._lines.Writer.TryWrite(line);
            else
                child._lines.Writer.TryComplete();
        };
        process.Start();
        process.BeginOutputReadLine();

        return child;
    }

    /// <summary>Waits for a line that contains a text, and returns it.</summary>
    public async Task<string> WaitForLine(string text)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return line;
        }

        throw new InvalidOperationException($"The process ended without the line '{text}'.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
