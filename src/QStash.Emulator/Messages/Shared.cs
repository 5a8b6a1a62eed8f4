namespace QStash.Emulator.Messages;

/// <summary>
/// Gives messages one shared object for equal values, such as a URL. It remembers a few thousand values, and a new one may replace an old
/// one. Then the same value may exist twice, which does no harm.
/// </summary>
sealed class Shared<T>(IEqualityComparer<T> comparer) where T : class
{
    const int Size = 4096;

    readonly T?[] _known = new T?[Size];

    /// <summary>Returns an equal value that came before, or this one. Values must not change. Any thread may call it.</summary>
    public T Of(T value)
    {
        ref var slot = ref _known[comparer.GetHashCode(value) & (Size - 1)];
        if (slot is { } known && comparer.Equals(known, value))
            return known;

        slot = value;
        return value;
    }
}
