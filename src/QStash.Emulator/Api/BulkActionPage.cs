namespace QStash.Emulator.Api;

/// <summary>A page of bulk actions.</summary>
sealed record BulkActionPage(List<BulkActionAnswer> BulkActions, string? Cursor);
