using QStash.Emulator.Storage;

namespace QStash.Emulator.Dashboard;

/// <summary>What the destination answered to the attempt that succeeded.</summary>
sealed record DeliveredAnswer(int ResponseStatus, IReadOnlyDictionary<string, string[]> ResponseHeaders, byte[] ResponseBody)
{
    public static DeliveredAnswer? Of(AttemptResult? result) =>
        result is null ? null : new DeliveredAnswer(result.Status, result.Headers, result.Body);
}
