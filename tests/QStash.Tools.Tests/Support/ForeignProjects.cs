using System.Text.RegularExpressions;

namespace QStash.Tools.Tests.Support;

/// <summary>
/// Projects of this repository as somebody else would have them: with the packages as they would be published, no access to sources, and no
/// settings of this repository.
/// </summary>
sealed partial class ForeignProjects : IDisposable
{
    const string Settings = """
        <Project>
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <OutputType>Exe</OutputType>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <UseMicrosoftTestingPlatformRunner>true</UseMicrosoftTestingPlatformRunner>
          </PropertyGroup>
          <ItemGroup Condition="$(MSBuildProjectName.EndsWith('.Tests'))">
            <PackageReference Include="xunit.v3.mtp-v2" />
            <Using Include="Xunit" />
            <Using Include="QStash.Tests.RunningTest" Static="true" />
          </ItemGroup>
        </Project>
        """;

    readonly TemporaryFolder _folder = new();
    readonly PackedPackages _packages;
    Dictionary<string, string> _variables = [];

    ForeignProjects(PackedPackages packages) => _packages = packages;

    /// <param name="packages">The packages to use in place of the projects in src.</param>
    /// <param name="projects">Their folders in the repository.</param>
    public static async Task<ForeignProjects> CopyAsync(PackedPackages packages, params string[] projects)
    {
        var copies = new ForeignProjects(packages);
        copies._variables = await packages.VariablesAsync(copies._folder.Sub("restored"));
        await File.WriteAllTextAsync(copies._folder.Sub("Directory.Build.props"), Settings, Cancellation);
        File.Copy(Path.Combine(Repository.Root, "Directory.Packages.props"), copies._folder.Sub("Directory.Packages.props"));

        foreach (var project in projects)
            await copies.CopyAsync(project);

        return copies;
    }

    /// <summary>Builds a project, and runs it with arguments; fails the test unless both succeed. Returns what it printed.</summary>
    public async Task<string> RunAsync(string project, params string[] arguments)
    {
        var folder = _folder.Sub(project);
        await RunningProgram.RunAsync("dotnet", folder, _variables, "build", "--nologo");

        return await RunningProgram.RunAsync("dotnet", folder, _variables, [Path.Combine("bin", "Debug", "net10.0", project + ".dll"), .. arguments]);
    }

    public void Dispose() => _folder.Dispose();

    async Task CopyAsync(string source)
    {
        var name = Path.GetFileName(source);
        var target = Directory.CreateDirectory(_folder.Sub(name)).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, source), "*.cs"))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));

        if (name.EndsWith(".Tests", StringComparison.Ordinal))
            File.Copy(Path.Combine(Repository.Root, "tests", "Shared", "RunningTest.cs"), Path.Combine(target, "RunningTest.cs"));

        var project = await File.ReadAllTextAsync(Path.Combine(Repository.Root, source, name + ".csproj"), Cancellation);
        project = OfSource().Replace(project, $"""<PackageReference Include="$1" VersionOverride="{_packages.Version}" />""");
        project = OfCopy().Replace(project, """<ProjectReference Include="../$1/$1.csproj""");
        await File.WriteAllTextAsync(Path.Combine(target, name + ".csproj"), project, Cancellation);
    }

    [GeneratedRegex("""<ProjectReference Include="[^"]*[\\/]src[\\/][^"]*[\\/]([^"\\/]+)\.csproj"[^>]*/>""")]
    private static partial Regex OfSource();

    [GeneratedRegex("""<ProjectReference Include="[^"]*[\\/]([^"\\/]+)\.csproj""")]
    private static partial Regex OfCopy();
}
