
namespace QStash.Emulator.Durability;

/// <summary>What a row of <c>resources</c> is. The file contains these names.</summary>
enum ResourceKind
{
    BulkAction,
    FlowControlKey,
    MessagesToday,
    Queue,
    Schedule,
    SigningKeys,
    UrlGroup,
}
