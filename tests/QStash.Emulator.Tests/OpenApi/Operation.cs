using System.Text.Json;

namespace QStash.Emulator.Tests.OpenApi;

/// <summary>What the public description says of a call: its parameters, and the statuses it may be answered with.</summary>
public sealed record Operation(string Method, string Path, string[] Query, string[] Headers, int[] Statuses)
{
    static readonly JsonElement Data = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(AppContext.BaseDirectory, "OpenApi", "operations.json"))).RootElement;

    /// <summary>All of them, as of <see cref="Date"/>.</summary>
    public static IReadOnlyList<Operation> All { get; } = Data.GetProperty("operations").Deserialize<Operation[]>(JsonSerializerOptions.Web)!;

    /// <summary>The day of the description.</summary>
    public static DateOnly Date { get; } = Data.GetProperty("date").Deserialize<DateOnly>();

    /// <summary>The verb and the path, as the description has them.</summary>
    public override string ToString() => $"{Method} {Path}";

    public static Operation Named(string name) => All.Single(operation => operation.ToString() == name);
}
