using System.Reflection;

namespace QStash.CommandLine;

/// <summary>Where the pages are, as the build knows it: on the web once the repository has an address, before that in its folder.</summary>
static class Docs
{
    /// <param name="page">The file of the page, such as <c>emulator.md</c>.</param>
    public static string At(string page) => typeof(Docs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(static metadata => metadata.Key == "Docs")?.Value + page;
}
