using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace QStash.Emulator.Node.Tests.Support;

/// <summary>Node with the official SDK, running scripts on demand (<c>run.mjs</c>).</summary>
sealed class NodeProcess : IAsyncDisposable
{
    static readonly string Folder = FindFolder();

    readonly Process _process;
    readonly Task _reading;
    readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _running = new();
    readonly ConcurrentQueue<string> _console = new();
    readonly Lock _writing = new();
    int _id;

    NodeProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync();
        process.ErrorDataReceived += (_, line) => _console.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
    }

    /// <summary>What has to be installed first; <see langword="null"/> when everything is there.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>What the SDK wrote to the console.</summary>
    public string Console => string.Join('\n', _console);

    public static NodeProcess Start(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("node", "run.mjs")
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.Contains("QSTASH", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);

        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        return new NodeProcess(Process.Start(start)!);
    }

    /// <summary>Runs the body of an async function and returns its result. What it throws fails the test.</summary>
    /// <param name="script">Sees the SDK and the members of <paramref name="given"/> by their names.</param>
    /// <param name="given">An object that becomes JSON.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<JsonElement> RunAsync(string script, object given, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _id);
        var done = _running[id] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_writing)
            _process.StandardInput.WriteLine(JsonSerializer.Serialize(new { id, script, given }));

        if (await Task.WhenAny(done.Task, _reading).WaitAsync(cancellationToken) == _reading && !done.Task.IsCompleted)
            throw new InvalidOperationException("node has ended.\n" + Console);

        return await done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var outcome = JsonDocument.Parse(line).RootElement;
            _running.TryRemove(outcome.GetProperty("id").GetInt32(), out var done);
            if (outcome.TryGetProperty("error", out var error))
                done!.SetException(new InvalidOperationException($"The script threw {error.GetString()}\n{Console}"));
            else
                done!.SetResult(outcome.GetProperty("result"));
        }
    }

    static string? FindMissing()
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true });
            node!.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "Needs Node.js 20 or later on the PATH, and `npm ci` in tests/QStash.Emulator.Node.Tests.";
        }

        return Directory.Exists(Path.Combine(Folder, "node_modules", "@upstash", "qstash"))
            ? null
            : "Needs the official SDK: run `npm ci` in tests/QStash.Emulator.Node.Tests.";
    }

    static string FindFolder()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "package.json")))
            directory = directory.Parent ?? throw new InvalidOperationException($"No package.json above {AppContext.BaseDirectory}.");

        return directory.FullName;
    }
}
