using System.Xml.Linq;
using QStash.Tools.Tests.Support;

namespace QStash.Tools.Tests;

public class A_package(PackedPackages packages)
{
    [Theory]
    [InlineData("QStash.Client", "")]
    [InlineData("QStash.Emulator", "")]
    [InlineData("MassTransit.QStash", "MassTransit QStash.Client")]
    [InlineData("MassTransit.QStash.Testing", "MassTransit.QStash QStash.Emulator")]
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

    public static TheoryData<string> All() => new(PackedPackages.All);

    public static TheoryData<string> Libraries() => new(PackedPackages.Libraries);

    [Theory]
    [MemberData(nameof(All))]
    public async Task Says_what_it_is_and_under_which_license(string project)
    {
        await using var package = await packages.OpenAsync(project);
        using var nuspec = package.GetEntry(project + ".nuspec")!.Open();
        var described = XDocument.Load(nuspec).Root!.Descendants().ToLookup(element => element.Name.LocalName, element => element.Value);
        using var readme = new StreamReader(package.GetEntry("README.md")!.Open());

        // A tool is known by its command.
        var name = project switch { "QStash.Tool" => "qstash", "QStash.Emulator.Tool" => "qstash-emulator", _ => project };
        Assert.Equal("# " + name, await readme.ReadLineAsync(Cancellation));
        Assert.Equal("icon.png", described["icon"].Single());
        Assert.NotNull(package.GetEntry("icon.png"));
        Assert.Equal("Apache-2.0", described["license"].Single());
        Assert.NotEmpty(described["description"].Single());
        Assert.NotEmpty(described["tags"].Single());
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task Documents_what_is_public_and_nothing_else(string project)
    {
        await using var package = await packages.OpenAsync(project);
        using var xml = package.GetEntry($"lib/net10.0/{project}.xml")!.Open();
        var documented = XDocument.Load(xml).Descendants("member").Select(member => member.Attribute("name")!.Value).ToList();
        using var library = package.GetEntry($"lib/net10.0/{project}.dll")!.Open();
        var known = PublicNames.Of(library);

        Assert.NotEmpty(documented);
        Assert.DoesNotContain(documented, member => !known.Contains(PublicNames.Of(member)));
        Assert.DoesNotContain(known.Where(name => !name.Contains(':', StringComparison.Ordinal)), type => !documented.Contains("T:" + type));
    }

    [Theory]
    [InlineData("QStash.Tool", "qstash")]
    [InlineData("QStash.Emulator.Tool", "qstash-emulator")]
    public async Task Of_a_command_has_nothing_that_only_developers_need(string project, string command)
    {
        await using var package = await packages.OpenAsync(project);
        var files = package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("tools/", StringComparison.Ordinal)).ToList();

        Assert.Contains($"tools/net10.0/any/{command}.dll", files);
        Assert.Equal(
            ["DotnetToolSettings.xml", command + ".pdb"],
            files.Where(file => Path.GetExtension(file) is ".pdb" or ".xml").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    // What it was tried with, or newer; the testing package sees internals of the transport.
    [Theory]
    [InlineData("MassTransit.QStash.Testing", "MassTransit.QStash", "[{version}]")]
    [InlineData("MassTransit.QStash", "QStash.Client", "{version}")]
    [InlineData("MassTransit.QStash", "MassTransit", "[8.5.12, 9.0.0)")]
    [InlineData("QStash.OpenTelemetry", "OpenTelemetry.Api", "1.20.1")]
    public async Task Takes_versions_that_fit(string project, string dependency, string range)
    {
        await using var package = await packages.OpenAsync(project);
        using var nuspec = package.GetEntry(project + ".nuspec")!.Open();
        var dependencies = XDocument.Load(nuspec).Descendants().Where(element => element.Name.LocalName == "dependency");

        Assert.Equal(
            range.Replace("{version}", packages.Version, StringComparison.Ordinal),
            Assert.Single(dependencies, element => element.Attribute("id")!.Value == dependency).Attribute("version")!.Value);
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

    [Fact]
    public async Task Of_the_testing_library_passes_the_tests_of_somebody_else()
    {
        using var projects = await ForeignProjects.CopyAsync(packages, "samples/Reminders", "tests/MassTransit.QStash.Testing.Tests");

        Assert.Matches("succeeded: [1-9][0-9]", await projects.RunAsync("MassTransit.QStash.Testing.Tests"));
    }

    [Fact]
    public async Task For_Aspire_runs_two_services_of_somebody_else()
    {
        using var projects = await ForeignProjects.CopyAsync(
            packages, "tests/QStash.Aspire.Service", "tests/QStash.Aspire.AppHost", "tests/QStash.Aspire.Tests");

        Assert.Contains(
            "succeeded: 1", await projects.RunAsync("QStash.Aspire.Tests", "--filter-class", "*An_application_of_two_services"), StringComparison.Ordinal);
    }
}
