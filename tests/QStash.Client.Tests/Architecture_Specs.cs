using System.Reflection;

namespace QStash.Client.Tests;

/// <summary>The folders of the client, which share a namespace: a type belongs to the folder that has its file.</summary>
public sealed class The_folders_of_the_client
{
    static readonly Assembly Library = typeof(QStashClient).Assembly;

    static readonly string Source = Path.Combine(Repository.Root, "src", "QStash.Client");

    static readonly Dictionary<string, string> Folders = Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
        .Select(file => (Type: Path.GetFileNameWithoutExtension(file), Folder: Path.GetDirectoryName(Path.GetRelativePath(Source, file))!))
        .Where(file => file.Folder is not ("obj" or "bin") && !file.Folder.StartsWith("obj/", StringComparison.Ordinal) && !file.Folder.StartsWith("bin/", StringComparison.Ordinal))
        .ToDictionary(file => file.Type, file => file.Folder);

    static readonly FolderArrows Arrows = new(Library, FolderOf);

    [Fact]
    public void Form_no_cycle() => Assert.Empty(Arrows.Cycles);

    [Fact]
    public void Keep_signatures_away_from_the_calls_of_the_API()
    {
        Assert.DoesNotContain("Http", Arrows.Reach("Signatures"));
        Assert.DoesNotContain("Api", Arrows.Reach("Signatures"));
    }

    static string? FolderOf(Type type)
    {
        while (type.DeclaringType is not null)
            type = type.DeclaringType;

        return Folders.GetValueOrDefault(type.Name.Split('`')[0]);
    }
}
