using System.Reflection;

namespace QStash.CommandLine;

/// <summary>
/// The address of the documentation, which the build sets: on the web if the repository has an address, otherwise in its folder.
/// </summary>
static class Docs
{
    /// <param name="page">The file of the page, such as <c>emulator.md</c>.</param>
    public static string At(string page) => typeof(Docs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(static metadata => metadata.Key == "Docs")?.Value + page;
}
