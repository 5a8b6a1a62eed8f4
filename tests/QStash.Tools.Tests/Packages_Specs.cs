using System.IO.Compression;
using System.Xml.Linq;
using QStash.Tools.Tests.Support;

namespace QStash.Tools.Tests;

public class A_package(PackedPackages packages)
{
    [Theory]
    [InlineData("QStash.Client", "")]
    [InlineData("QStash.Emulator", "")]
    [InlineData("MassTransit.QStash", "MassTransit QStash.Client")]
    public async Task Holds_a_library_and_its_documentation_and_knows_who_it_may_know(string project, string expected)
    {
        await using var package = await packages.OpenAsync(project);

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
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="MassTransit.QStash" Version="{packages.Version}" />
              </ItemGroup>
            </Project>
            """, Cancellation);
        await using var build = RunningProgram.Start(
            "dotnet", folder.Path, await packages.VariablesAsync(folder.Sub("restored")), "build", "--nologo");
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
}
