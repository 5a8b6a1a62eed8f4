namespace QStash.Emulator.Dashboard;

/// <summary>The newest dead letters first.</summary>
/// <param name="Messages">At most as many as requested.</param>
/// <param name="Total">The number of dead letters that match, shown or not.</param>
/// <param name="Cursor">Where the next page begins; <see langword="null"/> on the last.</param>
sealed record DeadLetterSummaryPage(List<DeadLetterSummary> Messages, int Total, string? Cursor);
