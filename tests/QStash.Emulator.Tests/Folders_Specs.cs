namespace QStash.Emulator.Tests;

public class The_folders_of_the_emulator
{
    static readonly FolderArrows Arrows = FolderArrows.ByNamespace(typeof(QStashEmulator).Assembly, "QStash.Emulator");

    [Fact]
    public void Form_no_cycles() => Assert.Empty(Arrows.Cycles);

    [Theory]
    [InlineData("Errors")]
    [InlineData("Time")]
    public void Have_some_that_depend_on_no_other(string folder) => Assert.Empty(Arrows.Reach(folder));
}
