namespace MassTransit.QStash.Benchmarks.Load;

/// <summary>
/// What the transport sent: the body, and the headers QStash is to forward.
/// </summary>
sealed record CapturedMessage(byte[] Body, string ContentType, IReadOnlyDictionary<string, string> ForwardedHeaders);
