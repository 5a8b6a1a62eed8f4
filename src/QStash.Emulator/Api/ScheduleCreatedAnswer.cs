namespace QStash.Emulator.Api;

/// <summary>The schedule that was created or replaced.</summary>
sealed record ScheduleCreatedAnswer(string ScheduleId);
