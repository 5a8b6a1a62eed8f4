namespace QStash.Emulator.Durability;

/// <summary>What a row of <c>resources</c> is. The names are in the file.</summary>
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
