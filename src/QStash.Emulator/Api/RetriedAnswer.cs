namespace QStash.Emulator.Api;

/// <summary>D6: the new messages. The cursor is empty, not absent, at the end (sharp edge 10).</summary>
sealed record RetriedAnswer(List<PublishAnswer> Responses, string Cursor);
