namespace QStash.Tools.Tests.Support;

/// <summary>The working tree the tests were built in.</summary>
static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>Debug or Release, as the tests were built.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "MassTransit.QStash.sln")))
            directory = directory.Parent ?? throw new InvalidOperationException($"No MassTransit.QStash.sln above {AppContext.BaseDirectory}.");

        return directory.FullName;
    }
}
