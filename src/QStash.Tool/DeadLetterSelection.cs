using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using QStash.Client;
using QStash.CommandLine;

namespace QStash.Tool;

/// <summary>The options that choose dead letters. All given options have to match; values of one option are alternatives.</summary>
sealed class DeadLetterSelection
{
    readonly Option<string[]> _to = new("--to") { HelpName = "url", Description = "complete destination URL" };
    readonly Option<string[]> _endpoint = new("--endpoint")
    {
        HelpName = "name",
        Description = "receive endpoint: the last part of the destination's path"
    };
    readonly Option<string[]> _group = new("--group") { HelpName = "name", Description = "URL group it was published to" };
    readonly Option<string[]> _queue = new("--queue") { HelpName = "name", Description = "queue it was in" };
    readonly Option<string[]> _label = new("--label") { HelpName = "label", Description = "label of the message" };
    readonly Option<string[]> _message = new("--message") { HelpName = "id", Description = "id of the message that failed" };

    readonly Option<int[]> _status = CheckedOption.CreateMany<int>(
        "--status", "status", "status of the last answer; 0 when there was none", "a status such as 500, or 0",
        static text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            && status is 0 or (>= 100 and <= 999) ? status : null);

    readonly Option<string[]> _reason = new("--reason") { HelpName = "text", Description = "a part of the reason that list shows" };
    readonly Option<DateTimeOffset?> _since = Times.Create("--since", "not before this time");
    readonly Option<DateTimeOffset?> _until = Times.Create("--until", "not after this time");

    Option[] All => [_to, _endpoint, _group, _queue, _label, _message, _status, _reason, _since, _until];

    public void AddTo(Command command)
    {
        foreach (var option in All)
            command.Add(option);
    }

    public bool IsEmpty(SymbolResult call) => All.All(option => call.GetResult(option) is null);

    /// <summary>All dead letters when no option was given.</summary>
    public IAsyncEnumerable<QStashDeadLetter> FindAsync(ParseResult call, IQStashClient client)
    {
        // QStash takes one message id in a call.
        var messages = call.GetValue(_message) is { Length: > 0 } ids ? ids.Distinct().Cast<string?>() : [null];
        var letters = messages.ToAsyncEnumerable().SelectMany(message => client.DeadLetterQueue.ListAllAsync(Filter(call, message)));
        // QStash has no filter here for a part of the URL, and none for the answer.
        if (call.GetValue(_endpoint) is { Length: > 0 } names)
            letters = letters.Where(letter => names.Contains(EndpointOf(letter.Url)));

        return call.GetValue(_reason) is { Length: > 0 } reasons
            ? letters.Where(letter => Reasons.Of(letter) is { } why
                && reasons.Any(reason => why.Contains(reason, StringComparison.OrdinalIgnoreCase)))
            : letters;
    }

    QStashDeadLetterFilter Filter(ParseResult call, string? messageId) => new()
    {
        Urls = call.GetValue(_to) ?? [],
        UrlGroups = call.GetValue(_group) ?? [],
        Queues = call.GetValue(_queue) ?? [],
        Labels = call.GetValue(_label) ?? [],
        MessageId = messageId,
        ResponseStatuses = call.GetValue(_status) ?? [],
        From = call.GetValue(_since),
        To = call.GetValue(_until),
    };

    static string? EndpointOf(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var destination) ? Uri.UnescapeDataString(destination.Segments[^1].Trim('/')) : null;
}
