namespace QStash.Emulator.Api;

/// <summary>S1: the schedule that was created or replaced.</summary>
sealed record ScheduleCreatedAnswer(string ScheduleId);
