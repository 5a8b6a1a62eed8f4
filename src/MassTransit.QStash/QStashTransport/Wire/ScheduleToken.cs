namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The label of a scheduled message. With the token the message can be found and cancelled, so no list of messages is needed.
/// </summary>
static class ScheduleToken
{
    public static string ToLabel(Guid tokenId) => $"mt-{tokenId:N}";
}
