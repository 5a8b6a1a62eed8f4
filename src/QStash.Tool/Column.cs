namespace QStash.Tool;

/// <summary>One value of a resource that commands print, for people and for programs.</summary>
/// <param name="Title">The title, such as <c>Last run</c>. In JSON it becomes <c>lastRun</c>.</param>
/// <param name="Value">
/// A text, number, flag, time, duration, list of texts, body (<see cref="ReadOnlyMemory{T}"/>) or headers; <see langword="null"/> when
/// there is none.
/// </param>
/// <param name="InTable">Whether lists show it. JSON and a single resource have all values.</param>
sealed record Column<T>(string Title, Func<T, object?> Value, bool InTable = true);
