using System.Globalization;
using QStash.Emulator.Errors;

namespace QStash.Emulator.Api;

/// <summary>One page of entries that carry a sequence number; the cursor is <c>&lt;unix ms&gt;-&lt;sequence&gt;</c>.</summary>
sealed class Page<T>
{
    public const int MaxCount = 100;

    public required List<T> Items { get; init; }

    /// <summary>Where the next page starts; null on the last one.</summary>
    public string? Cursor { get; init; }

    /// <param name="items">All entries, earliest first. There may be many, so only as many are read as the page needs.</param>
    /// <param name="matches">Tells whether an entry matches the call.</param>
    /// <param name="parameters">Order, count and cursor of the call.</param>
    /// <param name="position">The position of an entry.</param>
    /// <param name="maxCount">The largest number of entries on a page.</param>
    public static Page<T> Of(
        IReadOnlyCollection<T> items, Func<T, bool> matches, FilterParameters parameters, Func<T, (long Time, long Sequence)> position,
        int maxCount = MaxCount)
    {
        var ascending = parameters.Text("order") switch
        {
            null or "latestFirst" => false,
            "earliestFirst" => true,
            _ => throw ApiException.BadRequest("invalid order: it must be earliestFirst or latestFirst"),
        };
        var count = (int)(parameters.Number("count", 1, maxCount) ?? MaxCount);
        var ordered = ascending ? items : LatestFirst(items);
        if (parameters.Text("cursor") is { } cursor)
        {
            var last = Sequence(cursor);
            ordered = ordered.SkipWhile(item => ascending ? position(item).Sequence <= last : position(item).Sequence >= last);
        }

        var page = ordered.Where(matches).Take(count + 1).ToList();
        if (page.Count <= count)
            return new Page<T> { Items = page };

        page.RemoveAt(count);
        var (time, sequence) = position(page[^1]);
        return new Page<T> { Items = page, Cursor = $"{time}-{sequence}" };
    }

    /// <summary>Reads a list from its end, without a copy of it.</summary>
    static IEnumerable<T> LatestFirst(IReadOnlyCollection<T> items)
    {
        if (items is not IReadOnlyList<T> list)
            return items.Reverse();

        return Enumerable.Range(1, list.Count).Select(place => list[^place]);
    }

    static long Sequence(string cursor)
    {
        var dash = cursor.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && long.TryParse(cursor.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && long.TryParse(cursor.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : throw ApiException.BadRequest("invalid cursor: it must be one that a former answer contained");
    }
}
