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
}
