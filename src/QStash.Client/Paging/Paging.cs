using System.Runtime.CompilerServices;

namespace QStash.Client;

static class Paging
{
    public static QStashPage<T> Page<T>(IReadOnlyList<T>? items, string? cursor) =>
        new() { Items = items ?? [], Cursor = Next(cursor, null) };

    // Some endpoints send an empty cursor on the last page. A repeated cursor would never end, so it counts as the end too.
    public static string? Next(string? cursor, string? previous) => string.IsNullOrEmpty(cursor) || cursor == previous ? null : cursor;

    public static async IAsyncEnumerable<T> All<T>(Func<string?, CancellationToken, Task<QStashPage<T>>> read,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            var page = await read(cursor, cancellationToken).ConfigureAwait(false);
            foreach (var item in page.Items)
                yield return item;

            cursor = Next(page.Cursor, cursor);
        }
        while (cursor is not null);
    }
}
