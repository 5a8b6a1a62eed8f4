using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests.Docs;

public class A_line_of_code
{
    const int Longest = 140;

    // Folders join this list when they keep to it, and none leaves it.
    public static TheoryData<string> Folders() =>
        ["src/CommandLine", "src/QStash.Client", "src/QStash.Emulator", "src/QStash.Emulator.Tool", "src/QStash.Tool"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Fits_on_a_screen(string folder)
    {
        var tooLong = Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => File.ReadLines(file).Select((line, i) => (Where: $"{Path.GetFileName(file)}:{i + 1}", line.Length)))
            .Where(line => line.Length > Longest)
            .Select(line => line.Where);

        Assert.Empty(tooLong);
    }
}
