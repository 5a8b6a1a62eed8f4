using System.IO.Compression;
using QStash.Tools.Tests.Support;

[assembly: AssemblyFixture(typeof(PackedPackages))]

namespace QStash.Tools.Tests.Support;

/// <summary>
/// The packages of this repository as they would be published, under a version that no cache knows: packed once, when the first test
/// asks for one.
/// </summary>
public sealed class PackedPackages : IDisposable
{
    public static readonly string[] Libraries =
    [
        "QStash.Client", "QStash.Emulator", "QStash.OpenTelemetry", "QStash.Aspire.Hosting", "MassTransit.QStash", "MassTransit.QStash.Testing",
    ];

    static readonly string[] Others = ["QStash.Tool", "QStash.Emulator.Tool", "MassTransit.QStash.Templates"];

    readonly TemporaryFolder _folder = new();
    readonly Lazy<Task> _packed;

    public PackedPackages() => _packed = new Lazy<Task>(PackAsync);

    public string Version { get; } = $"0.0.0-test.{Guid.NewGuid():n}";

    public static IEnumerable<string> All => [.. Libraries, .. Others];

    /// <summary>The folder they are in: a source for a restore.</summary>
    public async Task<string> FolderAsync()
    {
        await _packed.Value;
        return _folder.Path;
    }

    public async Task<ZipArchive> OpenAsync(string package) =>
        await ZipFile.OpenReadAsync(Path.Combine(await FolderAsync(), $"{package}.{Version}.nupkg"), Cancellation);

    /// <summary>
    /// What makes a build restore these packages, and leave nothing behind: they go into a folder of the test, and all else is taken
    /// from the user's packages if it is there.
    /// </summary>
    public async Task<Dictionary<string, string>> VariablesAsync(string restored)
    {
        var user = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var variables = new Dictionary<string, string>
        {
            ["RestoreAdditionalProjectSources"] = await FolderAsync(),
            ["NUGET_PACKAGES"] = restored,
            // A build server that outlives the test would hold its folder.
            ["MSBUILDDISABLENODEREUSE"] = "1",
        };
        if (Directory.Exists(user))
            variables["RestoreFallbackFolders"] = user;

        return variables;
    }

    public void Dispose() => _folder.Dispose();

    Task PackAsync() => RunningProgram.RunAsync(
        "dotnet", Repository.Root,
        "pack", "--no-build", "--configuration", Repository.Configuration,
        "--output", _folder.Path, $"-p:PackageVersion={Version}", "-nodeReuse:false");
}
