using System.Text.Json;
using QStash.Tools.Tests.Support;

namespace QStash.Tools.Tests;

/// <summary>Does what the Dockerfile says, without an engine: copies only what it copies, and publishes and starts as it does.</summary>
public class Building_the_container
{
    readonly string[] _lines = File.ReadAllLines(Path.Combine(Repository.Root, "Dockerfile"));

    [Fact]
    public async Task Gives_an_emulator_that_answers_from_outside()
    {
        using var folder = new TemporaryFolder();
        var (source, output) = (folder.Sub("source"), folder.Sub("emulator"));
        foreach (var copy in Instructions("COPY").Where(copy => !copy.StartsWith("--from", StringComparison.Ordinal)))
            Copy(copy.Split(' '), source);

        var publish = Assert.Single(Instructions("RUN"), run => run.StartsWith("dotnet ", StringComparison.Ordinal)).Split(' ');
        Assert.Equal("/emulator", publish[^1]);
        await RunningProgram.RunAsync(publish[0], source, [.. publish[1..^1], output, "-nodeReuse:false"]);

        var command = JsonSerializer.Deserialize<string[]>(Assert.Single(Instructions("ENTRYPOINT")))!;
        await using var emulator = RunningProgram.Start(command[0], output, [.. command[1..], "--port", $"{FreePort.Find()}"]);
        await emulator.WaitForLineAsync("It listens at 0.0.0.0: ");
    }

    [Fact]
    public void Does_not_run_it_as_root() => Assert.Equal("$APP_UID", Assert.Single(Instructions("USER")));

    IEnumerable<string> Instructions(string name) =>
        _lines.Where(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Select(line => line[(name.Length + 1)..]);

    /// <summary>Files and folders into a folder; a folder's content, if it is a single one, as Docker does.</summary>
    static void Copy(string[] paths, string root)
    {
        var target = Path.Combine(root, paths[^1]);
        foreach (var path in paths[..^1].Select(path => Path.Combine(Repository.Root, path)))
        {
            if (File.Exists(path))
                CopyFile(path, Path.Combine(target, Path.GetFileName(path)));
            else
                CopyFolder(path, target);
        }
    }

    static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(from, file);
            // .dockerignore
            if (!relative.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
                CopyFile(file, Path.Combine(to, relative));
        }
    }

    static void CopyFile(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
    }
}
