using QStash.Emulator.Storage;

namespace QStash.Emulator.Dashboard;

/// <summary>What the destination answered to the attempt that succeeded. QStash's log keeps the answers of failed attempts only.</summary>
sealed record DeliveredAnswer(int? ResponseStatus, IReadOnlyDictionary<string, string[]>? ResponseHeaders, byte[]? ResponseBody)
{
    public static DeliveredAnswer Of(AttemptResult? result) => new(result?.Status, result?.Headers, result?.Body);
}
