namespace MassTransit;

/// <summary>
/// A member of a URL group that this service added and no longer needs: QStash's deliveries to it fail, and the messages end in the dead
/// letter queue.
/// </summary>
/// <param name="UrlGroup">The name of the URL group.</param>
/// <param name="Url">The URL of the member.</param>
/// <param name="Name">The name of the member, which marks it as added by this service.</param>
/// <param name="Reason">Why it is not needed.</param>
public sealed record QStashStaleSubscription(string UrlGroup, string Url, string? Name, string Reason);
