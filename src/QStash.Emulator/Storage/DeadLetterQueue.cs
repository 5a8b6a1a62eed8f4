using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace QStash.Emulator.Storage;

/// <summary>The dead letters of an account, oldest first.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "Dead letter queue is the term of the domain.")]
sealed class DeadLetterQueue(IAccountJournal? journal)
{
    readonly SortedDictionary<long, DeadLetter> _letters = [];
    long _sequence;

    public IReadOnlyCollection<DeadLetter> Letters => _letters.Values;

    public DeadLetter Add(long now, Message message, AttemptResult result)
    {
        var letter = new DeadLetter(_sequence, now, message, result);
        Restore(letter);
        journal?.Added(letter);
        return letter;
    }

    public void Restore(DeadLetter letter)
    {
        _letters.Add(letter.Sequence, letter);
        _sequence = letter.Sequence + 1;
    }

    public DeadLetter? Find(string id) =>
        long.TryParse(
            id.AsSpan(id.IndexOf('-', StringComparison.Ordinal) + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
        && _letters.TryGetValue(sequence, out var letter)
        && letter.Id == id
            ? letter
            : null;

    public void DropBefore(long time)
    {
        foreach (var letter in _letters.Values.TakeWhile(letter => letter.FailedAt < time).ToList())
            Remove(letter);
    }

    public void Remove(DeadLetter letter)
    {
        _letters.Remove(letter.Sequence);
        journal?.Removed(letter);
    }
}
