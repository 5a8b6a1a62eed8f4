namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>
/// The emulator in a process of its own, as a broker would be.
/// </summary>
sealed class EmulatorProcess(ChildProcess process, Uri url) : IAsyncDisposable
{
    public Uri Url => url;

    public static async Task<EmulatorProcess> Start(params string[] arguments)
    {
        var port = FreePort.Find();
        var process = ChildProcess.Start(Path.Combine(AppContext.BaseDirectory, "qstash-emulator.dll"), ["--port", $"{port}", "--quiet", .. arguments]);
        var url = new Uri($"http://127.0.0.1:{port}");
        await process.WaitForLine($"{port}");

        return new EmulatorProcess(process, url);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
