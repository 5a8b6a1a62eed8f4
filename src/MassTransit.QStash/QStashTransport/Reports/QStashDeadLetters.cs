using System.Runtime.CompilerServices;
using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Reports;

/// <summary>
/// Reads and moves dead letters through the API of QStash. The API cannot filter by message type or reason, so this class does.
/// </summary>
/// <param name="queue">The dead letter queue of the account.</param>
/// <param name="addresses">Finds endpoints by name.</param>
/// <param name="endpointBase">The URL that the URL of every endpoint of this bus starts with.</param>
/// <param name="findSerialization">Gets the serializers of this bus's endpoint at a URL, or else those of the bus.</param>
sealed class QStashDeadLetters(IQStashDeadLetterQueue queue, AddressBook addresses, Uri endpointBase,
    Func<Uri?, ISerialization> findSerialization) :
    IQStashDeadLetters
{
    // QStash accepts at most this many ids in one call.
    const int PageSize = 100;

    public async IAsyncEnumerable<QStashDeadLetterContext> ListAsync(QStashDeadLetterQuery? query = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var letter in queue.ListAllAsync(await ToFilter(query, cancellationToken).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false))
        {
            var message = Read(letter);

            if (Matches(query, message))
                yield return message;
        }
    }

    public async Task<QStashDeadLetterContext?> GetAsync(string dlqId, CancellationToken cancellationToken = default) =>
        await queue.GetAsync(dlqId, cancellationToken).ConfigureAwait(false) is { } letter ? Read(letter) : null;

    public async Task<string?> ReplayAsync(string dlqId, CancellationToken cancellationToken = default)
    {
        try
        {
            return (await queue.RetryAsync(dlqId, cancellationToken: cancellationToken).ConfigureAwait(false)).MessageId;
        }
        catch (QStashNotFoundException)
        {
            return null;
        }
    }

    public async Task<int> ReplayAsync(QStashDeadLetterQuery query, CancellationToken cancellationToken = default)
    {
        var replayed = 0;

        foreach (var dlqId in await FindIds(query, cancellationToken).ConfigureAwait(false))
        {
            // It is null if another caller replayed the letter first.
            if (await ReplayAsync(dlqId, cancellationToken).ConfigureAwait(false) is not null)
                replayed++;
        }

        return replayed;
    }

    public Task<bool> DeleteAsync(string dlqId, CancellationToken cancellationToken = default) =>
        queue.DeleteAsync(dlqId, cancellationToken);

    public async Task<int> DeleteAsync(QStashDeadLetterQuery query, CancellationToken cancellationToken = default)
    {
        var deleted = 0;

        foreach (var dlqIds in (await FindIds(query, cancellationToken).ConfigureAwait(false)).Chunk(PageSize))
            deleted += await queue.DeleteAsync(new QStashDeadLetterFilter { DlqIds = dlqIds }, cancellationToken).ConfigureAwait(false);

        return deleted;
    }

    // Collects all ids before the first letter is moved: a replay that fails at once is a new dead letter, and would be found again.
    async Task<List<string>> FindIds(QStashDeadLetterQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);

        if (query == new QStashDeadLetterQuery())
            throw new ArgumentException("The query is empty, and would take the dead letters of all services of the account. Set "
                + "EndpointName, MessageType, Reason, From or To.", nameof(query));

        List<string> dlqIds = [];

        await foreach (var message in ListAsync(query, cancellationToken).ConfigureAwait(false))
            dlqIds.Add(message.DlqId);

        return dlqIds;
    }

    async ValueTask<QStashDeadLetterFilter?> ToFilter(QStashDeadLetterQuery? query, CancellationToken cancellationToken)
    {
        if (query is null)
            return null;

        if (query.EndpointName is not null && !LegalName.IsEndpoint(query.EndpointName))
            throw new ArgumentException($"EndpointName is '{query.EndpointName}', which cannot name a receive endpoint: only letters, "
                + "digits, '.', '_' and '-' are allowed.", nameof(query));

        return new QStashDeadLetterFilter
        {
            Urls = query.EndpointName is null
                ? []
                : [(await FindEndpoint(query.EndpointName, cancellationToken).ConfigureAwait(false)).AbsoluteUri],
            From = query.From,
            To = query.To,
        };
    }

    async ValueTask<Uri> FindEndpoint(string endpointName, CancellationToken cancellationToken)
    {
        try
        {
            return await addresses.FindAsync(endpointName, cancellationToken).ConfigureAwait(false);
        }
        // An endpoint that this service no longer has may still have dead letters.
        catch (EndpointNotFoundException)
        {
            return new Uri(endpointBase, endpointName);
        }
    }

    static bool Matches(QStashDeadLetterQuery? query, QStashDeadLetterContext message) =>
        query is null
        || ((query.MessageType is null || message.MessageTypes.Contains(MessageUrn.ForTypeString(query.MessageType)))
            && (query.Reason is null || query.Reason == message.Reason?.Reason));

    QStashDeadLetterContext Read(QStashDeadLetter letter)
    {
        var url = Uri.TryCreate(letter.Url, UriKind.Absolute, out var address) ? address : null;
        var headers = letter.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value),
            StringComparer.OrdinalIgnoreCase);

        var message = SourceMessage.Read(findSerialization(url), headers, letter.Body.ToArray(), letter.MessageId, url);

        // Each message of a schedule has its own id, which is not in the body.
        var messageId = letter.ScheduleId is null ? message?.MessageId : MessageIdOf.Message(letter.MessageId);

        return new QStashDeadLetterContext(letter, message, messageId,
            ReasonText.Read(letter.ResponseStatus, letter.ResponseHeaders, letter.ResponseBody.Span));
    }
}
