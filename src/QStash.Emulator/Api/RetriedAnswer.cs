namespace QStash.Emulator.Api;

/// <summary>The new messages of a retry. On the last page the cursor is empty, and not absent as elsewhere.</summary>
sealed record RetriedAnswer(List<PublishAnswer> Responses, string Cursor);
