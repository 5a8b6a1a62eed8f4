namespace QStash.Emulator.Api;

/// <summary>A page of the log, under the name the documentation uses and the one the SDKs use (sharp edge 16).</summary>
sealed record LogPage(List<LogEntryAnswer> Logs, List<LogEntryAnswer> Events, string? Cursor);
