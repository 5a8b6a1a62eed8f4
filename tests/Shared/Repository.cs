namespace QStash.Tests;

/// <summary>
/// The checkout the tests run in.
/// </summary>
static class Repository
{
    // Not from [CallerFilePath]: a deterministic build maps that to a path that does not exist.
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release, as the tests were built.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The pages people read, by their paths from the root: those of docs/ and those in the root itself.</summary>
    public static IEnumerable<string> Pages => Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
        .Concat(Directory.EnumerateFiles(Root, "*.md"))
        .Select(path => Path.GetRelativePath(Root, path));

    /// <summary>Reads a file, by its path from the root.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "MassTransit.QStash.sln")))
            directory = directory.Parent ?? throw new InvalidOperationException($"No MassTransit.QStash.sln above {AppContext.BaseDirectory}.");

        return directory.FullName;
    }
}
