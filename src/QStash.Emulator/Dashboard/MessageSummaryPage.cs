namespace QStash.Emulator.Dashboard;

/// <summary>The newest messages first.</summary>
/// <param name="Pending">How many messages the user has that are not finished, shown or not.</param>
/// <param name="Messages">At most as many as asked for.</param>
/// <param name="More">Whether there are older ones.</param>
sealed record MessageSummaryPage(int Pending, List<MessageSummary> Messages, bool More);
