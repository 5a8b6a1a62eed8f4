using System.Diagnostics.CodeAnalysis;
using QStash.Emulator.Messages;

namespace QStash.Emulator.Storage;

/// <summary>The dead letters of an account.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "Dead letter queue is the term of the domain.")]
sealed class DeadLetterQueue
{
    readonly Dictionary<string, DeadLetter> _letters = new(StringComparer.Ordinal);
    long _sequence;

    public IReadOnlyCollection<DeadLetter> Letters => _letters.Values;

    public DeadLetter Add(long now, Message message, AttemptResult result)
    {
        var letter = new DeadLetter(_sequence++, now, message, result);
        _letters.Add(letter.Id, letter);
        return letter;
    }

    public DeadLetter? Find(string id) => _letters.GetValueOrDefault(id);

    public void DropBefore(long time)
    {
        foreach (var letter in _letters.Values.Where(letter => letter.FailedAt < time).ToList())
            _letters.Remove(letter.Id);
    }

    public bool Remove(string id) => _letters.Remove(id);
}
