namespace QStash.Emulator.Messages;

/// <summary>Where a message goes: a URL, and the group and endpoint it was resolved from, if any (contract 7.3).</summary>
sealed record MessageTarget(string Url, string? TopicName = null, string? EndpointName = null);
