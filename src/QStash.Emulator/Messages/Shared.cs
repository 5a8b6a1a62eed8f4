namespace QStash.Emulator.Messages;

/// <summary>
/// Makes equal values that many messages carry, such as a URL, one object. It remembers a few thousand, and forgets one
/// where a new one takes its place; the same value may then exist twice, which does no harm.
/// </summary>
sealed class Shared<T>(IEqualityComparer<T> comparer) where T : class
{
    const int Size = 4096;

    readonly T?[] _known = new T?[Size];

    /// <summary>An equal value that came before, or this one. The value must not change. Any thread may call it.</summary>
    public T Of(T value)
    {
        ref var slot = ref _known[comparer.GetHashCode(value) & (Size - 1)];
        if (slot is { } known && comparer.Equals(known, value))
            return known;

        slot = value;
        return value;
    }
}
