using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStash.Tests.Architecture;

/// <summary>
/// Keeps the rooms of the transport apart: which folder may name types of which. ARCHITECTURE.md has the picture. The public types are
/// what users see, and no room.
/// </summary>
public sealed class The_rooms_of_the_transport
{
    static readonly FolderArrows Arrows = FolderArrows.ByNamespace(typeof(TextHash).Assembly, "MassTransit.QStashTransport");

    [Fact]
    public void Wire_depends_on_nothing() => Assert.Empty(Arrows.Reach("Wire"));

    [Fact]
    public void Nobody_but_Hosting_sees_Hosting() =>
        Assert.Equal(["Hosting"], Arrows.Folders.Where(folder => folder == "Hosting" || Arrows.Reach(folder).Contains("Hosting")));

    [Fact]
    public void Outgoing_never_sees_Incoming() => Assert.DoesNotContain("Incoming", Arrows.Reach("Outgoing"));

    [Fact]
    public void Folders_form_no_cycles() => Assert.Empty(Arrows.Cycles);
}
