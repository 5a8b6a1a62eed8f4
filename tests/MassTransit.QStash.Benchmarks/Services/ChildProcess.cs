using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using MassTransit.QStash.Benchmarks.Measuring;

namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>
/// A program in a process of its own, ended with this one.
/// </summary>
sealed class ChildProcess : IAsyncDisposable
{
    readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    readonly Process _process;

    ChildProcess(Process process) => _process = process;

    /// <summary>The command, three folders above the runtime that runs this.</summary>
    public static string DotNet => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    /// <summary>Starts a program, or a .NET assembly (.dll).</summary>
    public static ChildProcess Start(string program, params string[] arguments)
    {
        var isAssembly = Path.GetExtension(program) == ".dll";
        var start = new ProcessStartInfo(isAssembly ? DotNet : program, isAssembly ? [program, .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
        };

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

    /// <summary>What the process took since its start: the processors' time, and the memory that is resident now.</summary>
    public Cost CostAfter(TimeSpan elapsed)
    {
        _process.Refresh();

        return new Cost(elapsed.TotalMicroseconds, _process.TotalProcessorTime.TotalMicroseconds, _process.WorkingSet64);
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
