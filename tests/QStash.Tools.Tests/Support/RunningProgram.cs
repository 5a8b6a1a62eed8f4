using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace QStash.Tools.Tests.Support;

/// <summary>A program and what it prints.</summary>
sealed class RunningProgram : IAsyncDisposable
{
    readonly Process _process;
    readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    readonly ConcurrentQueue<string> _output = new();
    readonly ConcurrentQueue<string> _errors = new();

    RunningProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) =>
        {
            _output.Enqueue(line.Data ?? "");
            if (line.Data is null)
                _lines.Writer.Complete();
            else
                _lines.Writer.TryWrite(line.Data);
        };
        process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors);

    /// <summary>Starts the emulator as it was built.</summary>
    public static RunningProgram StartEmulator(params IEnumerable<string> arguments) => StartBuilt("QStash.Emulator.Tool", "qstash-emulator", arguments);

    /// <summary>Starts the emulator as it was built, with variables such as <c>A=1 B=2</c>.</summary>
    public static RunningProgram StartEmulator(IEnumerable<string> arguments, string environment) => Start(
        "env", FolderOf("QStash.Emulator.Tool"), [.. environment.Split(' ', StringSplitOptions.RemoveEmptyEntries), "dotnet", "qstash-emulator.dll", .. arguments]);

    /// <summary>Starts the command <c>qstash</c> as it was built.</summary>
    public static RunningProgram StartTool(params IEnumerable<string> arguments) => StartBuilt("QStash.Tool", "qstash", arguments);

    public static RunningProgram Start(string file, string folder, params IEnumerable<string> arguments) =>
        Start(file, folder, [], arguments);

    /// <summary>Starts a program with variables of its own.</summary>
    public static RunningProgram Start(
        string file, string folder, Dictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // Those of the machine would lead to a real account.
        start.Environment.Remove("QSTASH_TOKEN");
        start.Environment.Remove("QSTASH_URL");
        start.Environment.Remove("QSTASH_DEV_PORT");
        start.Environment.Remove("QSTASH_DEV_QUOTA");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        return new RunningProgram(Process.Start(start)!);
    }

    /// <summary>Starts the emulator and lets it write no file beyond a size, as if the disk were full then.</summary>
    public static RunningProgram StartEmulatorWithFilesUpTo(int kilobytes, params IEnumerable<string> arguments) => Start(
        "bash",
        FolderOf("QStash.Emulator.Tool"),
        // The runtime would map its own code from a file that is larger.
        ["-c", $"trap '' XFSZ; ulimit -f {kilobytes}; export DOTNET_EnableWriteXorExecute=0; exec dotnet qstash-emulator.dll \"$@\"", "bash", .. arguments]);

    static RunningProgram StartBuilt(string project, string name, IEnumerable<string> arguments) =>
        Start("dotnet", FolderOf(project), [name + ".dll", .. arguments]);

    /// <summary>Where a program was built to.</summary>
    public static string FolderOf(string project) => Path.Combine(Repository.Root, "src", project, "bin", Repository.Configuration, "net10.0");

    /// <summary>Runs a program to its end and fails the test unless it succeeds.</summary>
    public static Task RunAsync(string file, string folder, params IEnumerable<string> arguments) => RunAsync(file, folder, [], arguments);

    /// <summary>The same with variables of its own; returns what the program printed.</summary>
    public static async Task<string> RunAsync(
        string file, string folder, Dictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        await using var program = Start(file, folder, environment, arguments);
        if (await program.ExitAsync() != 0)
            Assert.Fail($"{file} {string.Join(' ', arguments)}\n{program.Output}\n{program.Errors}");

        return program.Output;
    }

    /// <summary>Waits until it prints a line that starts like this, and returns the rest of the line.</summary>
    public async Task<string> WaitForLineAsync(string start)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(Cancellation))
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
                return line[start.Length..];
        }

        throw new InvalidOperationException($"The program ended without printing '{start}'.\n{Output}\n{Errors}");
    }

    /// <summary>Waits for the end of the program and returns its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(Cancellation);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // What dotnet run started, too.
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(Cancellation);
        }

        _process.Dispose();
    }
}
