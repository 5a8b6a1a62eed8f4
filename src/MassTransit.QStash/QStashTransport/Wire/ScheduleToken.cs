namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The label by which a scheduled message is found again: whoever has the token can cancel it, and nobody keeps a list.
/// </summary>
static class ScheduleToken
{
    public static string ToLabel(Guid tokenId) => $"mt-{tokenId:N}";
}
