using System.IO.Compression;
using System.Xml.Linq;
using QStash.Tools.Tests.Support;

namespace QStash.Tools.Tests;

public class A_package
{
    [Theory]
    [InlineData("QStash.Client", "")]
    [InlineData("QStash.Emulator", "")]
    [InlineData("MassTransit.QStash", "MassTransit QStash.Client")]
    [InlineData("MassTransit.QStash.Testing", "MassTransit.QStash QStash.Emulator")]
    public async Task Holds_a_library_and_its_documentation_and_knows_who_it_may_know(string project, string expected)
    {
        using var folder = new TemporaryFolder();
        await RunningProgram.RunAsync(
            "dotnet", Repository.Root,
            "pack", Path.Combine("src", project), "--no-build", "--configuration", Repository.Configuration, "--output", folder.Path, "-nodeReuse:false");
        using var package = ZipFile.OpenRead(Directory.EnumerateFiles(folder.Path, "*.nupkg").Single());

        var files = package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("lib/", StringComparison.Ordinal)).Order();
        Assert.Equal([$"lib/net10.0/{project}.dll", $"lib/net10.0/{project}.xml"], files);
        Assert.Contains(package.Entries, entry => entry.FullName == "README.md");
        Assert.DoesNotContain(package.Entries, entry => entry.FullName.StartsWith("content", StringComparison.Ordinal));

        using var nuspec = package.GetEntry(project + ".nuspec")!.Open();
        var described = XDocument.Load(nuspec).Root!.Descendants().ToLookup(element => element.Name.LocalName);
        var dependencies = described["dependency"].Select(dependency => dependency.Attribute("id")!.Value).Where(id => id.StartsWith("QStash", StringComparison.Ordinal) || id.StartsWith("MassTransit", StringComparison.Ordinal));
        Assert.Equal(expected, string.Join(' ', dependencies.Order()));
        Assert.Equal("Apache-2.0", described["license"].Single().Value);
        Assert.NotEmpty(described["description"].Single().Value);
    }

    /// <summary>A project of somebody else, built against the packages as they would be published.</summary>
    [Fact]
    public async Task Brings_its_analyzers_to_the_project_that_uses_it()
    {
        using var folder = new TemporaryFolder();
        var version = await PackAsync(folder, "QStash.Client", "MassTransit.QStash");

        await File.WriteAllTextAsync(folder.Sub("Program.cs"), """
            using MassTransit;

            static void Configure(IQStashBusFactoryConfigurator cfg) => cfg.Host("http://localhost:5000");
            System.Console.WriteLine("QSTASH_TOKEN");
            Configure(null!);
            """, Cancellation);
        await File.WriteAllTextAsync(folder.Sub("Users.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <UsingMicrosoftNETSdkBlazorWebAssembly>true</UsingMicrosoftNETSdkBlazorWebAssembly>
                {Restoring(folder)}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="MassTransit.QStash" Version="{version}" />
              </ItemGroup>
            </Project>
            """, Cancellation);
        await using var build = RunningProgram.Start("dotnet", folder.Path, "build", "-nodeReuse:false", "--nologo");
        Assert.True(await build.ExitAsync() == 0, build.Output);
        Assert.Contains("warning QSTASH003", build.Output, StringComparison.Ordinal);
        // Needs the property to be visible to the compiler.
        Assert.Contains("warning QSTASH010", build.Output, StringComparison.Ordinal);
        // A code fix is no business of the compiler's, and it must not try.
        Assert.DoesNotContain("warning CS8032", build.Output, StringComparison.Ordinal);
        // Only ours counts: what other packages bring is restored here too if the user's folder lacks it.
        Assert.Equal(
            ["MassTransit.QStash.Analyzers.dll", "MassTransit.QStash.CodeFixes.dll"],
            Directory.EnumerateFiles(Path.Combine(folder.Sub("restored"), "masstransit.qstash"), "*.dll", SearchOption.AllDirectories)
                .Where(file => file.Contains($"analyzers{Path.DirectorySeparatorChar}dotnet", StringComparison.Ordinal)).Select(Path.GetFileName).Order());
    }

    /// <summary>
    /// Somebody else's application and its tests, as they would be written with the published packages: no access to internals, no
    /// settings of this repository.
    /// </summary>
    [Fact]
    public async Task Of_the_testing_library_passes_the_tests_of_somebody_else()
    {
        using var folder = new TemporaryFolder();
        var version = await PackAsync(folder, "QStash.Client", "QStash.Emulator", "MassTransit.QStash", "MassTransit.QStash.Testing");
        var versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Root!.Descendants("PackageVersion")
            .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);

        Copy("samples/Reminders");
        Copy("tests/MassTransit.QStash.Testing.Tests");
        File.Copy(Path.Combine(Repository.Root, "tests/Shared/RunningTest.cs"), folder.Sub("MassTransit.QStash.Testing.Tests/RunningTest.cs"));
        await WriteProject("Reminders", "Microsoft.NET.Sdk.Web", $"""<PackageReference Include="MassTransit.QStash" Version="{version}" />""");
        await WriteProject("MassTransit.QStash.Testing.Tests", "Microsoft.NET.Sdk", $"""
            <FrameworkReference Include="Microsoft.AspNetCore.App" />
            <PackageReference Include="MassTransit.QStash.Testing" Version="{version}" />
            <PackageReference Include="Microsoft.AspNetCore.Mvc.Testing" Version="{versions["Microsoft.AspNetCore.Mvc.Testing"]}" />
            <PackageReference Include="xunit.v3.mtp-v2" Version="{versions["xunit.v3.mtp-v2"]}" />
            <ProjectReference Include="../Reminders/Reminders.csproj" />
            <Using Include="Xunit" />
            <Using Include="QStash.Tests.RunningTest" Static="true" />
            """);

        var tests = folder.Sub("MassTransit.QStash.Testing.Tests");
        await RunningProgram.RunAsync("dotnet", tests, "build", "-nodeReuse:false", "--nologo");
        await using var run = RunningProgram.Start("dotnet", tests, "bin/Debug/net10.0/MassTransit.QStash.Testing.Tests.dll");
        Assert.True(await run.ExitAsync() == 0, run.Output);
        Assert.Matches("succeeded: [1-9][0-9]", run.Output);

        void Copy(string source)
        {
            var target = Directory.CreateDirectory(folder.Sub(Path.GetFileName(source))).FullName;
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, source), "*.cs"))
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        Task WriteProject(string name, string sdk, string items) => File.WriteAllTextAsync(folder.Sub($"{name}/{name}.csproj"), $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <UseMicrosoftTestingPlatformRunner>true</UseMicrosoftTestingPlatformRunner>
                {Restoring(folder)}
              </PropertyGroup>
              <ItemGroup>
                {items}
              </ItemGroup>
            </Project>
            """, Cancellation);
    }

    /// <summary>Packs what was built, under a version that no cache knows.</summary>
    static async Task<string> PackAsync(TemporaryFolder folder, params string[] projects)
    {
        var version = $"0.0.0-test.{Guid.NewGuid():n}";
        foreach (var project in projects)
        {
            await RunningProgram.RunAsync(
                "dotnet", Repository.Root,
                "pack", Path.Combine("src", project), "--no-build", "--configuration", Repository.Configuration, "--output", folder.Sub("packages"), $"-p:PackageVersion={version}", "-nodeReuse:false");
        }

        return version;
    }

    static string Restoring(TemporaryFolder folder) => $"""
        <RestoreAdditionalProjectSources>{folder.Sub("packages")}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{folder.Sub("restored")}</RestorePackagesPath>
                <RestoreFallbackFolders Condition="Exists('{UserPackages}')">{UserPackages}</RestoreFallbackFolders>
        """;

    /// <summary>Where everything else is taken from if it is there, so that the test leaves nothing there.</summary>
    static string UserPackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
