namespace MassTransit.QStash.Soak.Judging;

/// <summary>Something that was counted.</summary>
readonly record struct Figure(string Name, long Value);
