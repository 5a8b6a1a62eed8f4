namespace QStash.Emulator.Tests.Support;

/// <summary>An emulator that keeps its state in a file and can be started again with it.</summary>
public abstract class DurableTest : EmulatorTest
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("qstash-emulator-");
    int _copies;

    protected DurableTest() => DataPath = Path.Combine(_directory.FullName, "data");

    protected string DataPath { get; private set; }

    protected override QStashEmulatorOptions Options() => new() { TimeProvider = Clock, DataPath = DataPath };

    protected async Task StartAsync() => Emulator = await QStashEmulator.StartAsync(Options(), Cancellation);

    protected async Task StopAsync() => await Emulator.DisposeAsync();

    /// <summary>
    /// Puts the files aside as they are at this moment, which is what the kernel leaves of a process that is killed, and
    /// lets the next emulator go on with them. Whatever this one still writes is lost.
    /// </summary>
    protected async Task KillAsync()
    {
        // Changes nothing; its answer waits for everything that happened before it.
        await CallAsync("DELETE", "/v2/schedules/none");
        var copy = Path.Combine(_directory.FullName, "copy" + ++_copies);
        // The mark comes first. It is written after a transaction, and one may be under way.
        foreach (var file in _directory.GetFiles(Path.GetFileName(DataPath) + "*").OrderByDescending(file => file.Name.EndsWith("-mark", StringComparison.Ordinal)))
            file.CopyTo(copy + file.Name[Path.GetFileName(DataPath).Length..]);

        DataPath = copy;
        await StopAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
