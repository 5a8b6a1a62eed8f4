namespace QStash.Tool;

/// <summary>One thing a command prints of a resource, for people and for programs alike.</summary>
/// <param name="Title">Such as <c>Last run</c>; in JSON it becomes <c>lastRun</c>.</param>
/// <param name="Value">
/// A text, number, flag, time, duration, list of texts, body (<see cref="ReadOnlyMemory{T}"/>) or headers; <see langword="null"/> when
/// there is none.
/// </param>
/// <param name="InTable">Whether lists show it. JSON and a single resource have all.</param>
sealed record Column<T>(string Title, Func<T, object?> Value, bool InTable = true);
