using QStash.Emulator.Api;
using QStash.Emulator.Delivery;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Dashboard;

/// <summary>
/// The filters of <c>qstash dlq</c>, under the names of the API where it has them: values of one are alternatives, all have to match.
/// </summary>
sealed class DeadLetterSearch
{
    const int PageSize = 50;
    static readonly string[] Parameters = [.. MessageFilter.Names, "messageId", "responseStatus", "endpoint", "reason", "before"];

    readonly MessageFilter _filter;
    readonly HashSet<string>? _messageIds;
    readonly HashSet<long>? _statuses;
    readonly HashSet<string>? _endpoints;
    readonly string? _reason;
    readonly long _before;

    public DeadLetterSearch(FilterParameters parameters)
    {
        parameters.Allow(Parameters);
        _filter = new MessageFilter(parameters);
        _messageIds = parameters.Set("messageId");
        _statuses = parameters.Numbers("responseStatus");
        _endpoints = parameters.Set("endpoint");
        _reason = parameters.Text("reason");
        _before = parameters.Number("before") ?? long.MaxValue;
    }

    public DeadLetterSummaryPage Page(Account account)
    {
        var all = All(account);
        var page = all.Where(letter => letter.Sequence < _before).Take(PageSize + 1).ToList();
        var isLast = page.Count <= PageSize;
        return new DeadLetterSummaryPage(
            [.. page.Take(PageSize).Select(DeadLetterSummary.Of)], all.Count, isLast ? null : $"{page[PageSize - 1].Sequence}");
    }

    /// <summary>The ids of all dead letters that match, on every page, newest first.</summary>
    public List<string> Ids(Account account) => All(account).ConvertAll(static letter => letter.Id);

    List<DeadLetter> All(Account account)
    {
        List<DeadLetter> letters;
        lock (account.Gate)
            letters = [.. account.DeadLetters.Letters.Reverse().Where(letter => _filter.Matches(letter.Message, letter.FailedAt))];

        letters.RemoveAll(letter => !Matches(letter));
        return letters;
    }

    bool Matches(DeadLetter letter) =>
        (_messageIds is null || _messageIds.Contains(letter.Message.Id))
        && (_statuses is null || _statuses.Contains(letter.Result.Status))
        && (_endpoints is null || _endpoints.Contains(EndpointOf(letter.Message.Target.Url)))
        && (_reason is null || AnswerReason.OrTextOf(letter.Result)?.Contains(_reason, StringComparison.OrdinalIgnoreCase) is true);

    static string EndpointOf(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var destination) ? Uri.UnescapeDataString(destination.Segments[^1].Trim('/')) : "";
}
