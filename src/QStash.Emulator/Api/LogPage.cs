namespace QStash.Emulator.Api;

/// <summary>A page of the log. It has two names: the documentation says <c>logs</c>, the SDKs read <c>events</c>.</summary>
sealed record LogPage(List<LogEntryAnswer> Logs, List<LogEntryAnswer> Events, string? Cursor);
