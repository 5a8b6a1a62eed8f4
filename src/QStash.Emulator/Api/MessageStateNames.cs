using QStash.Emulator.Errors;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

/// <summary>States as they are written in logs and filters.</summary>
static class MessageStateNames
{
    public static string Of(MessageState state) => state switch
    {
        MessageState.CancelRequested => "CANCEL_REQUESTED",
        // The official SDKs use this spelling, and the one for Python throws on any other: docs/qstash-contract.md#g40
        MessageState.Cancelled => "CANCELED",
        _ => state.ToString().ToUpperInvariant(),
    };

    /// <summary>The states a filter selects; both spellings of CANCELED are in use.</summary>
    public static IEnumerable<MessageState> Parse(string text) => text.ToUpperInvariant() switch
    {
        "IN_PROGRESS" => [MessageState.Active, MessageState.Retry, MessageState.Error],
        "CANCELLED" => [MessageState.Cancelled],
        var name => Enum.GetValues<MessageState>().Where(state => Of(state) == name).ToArray() is [_] found
            ? found
            : throw ApiException.BadRequest($"invalid state: '{text}' is not a state of a message"),
    };
}
