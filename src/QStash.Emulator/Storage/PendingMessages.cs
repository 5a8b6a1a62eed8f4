using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace QStash.Emulator.Storage;

/// <summary>
/// The messages of an account that have not reached a final state. A message is found by its id, which is kept in the message only.
/// </summary>
sealed class PendingMessages : IReadOnlyCollection<Message>
{
    readonly HashSet<Message> _messages = new(new ById());

    public int Count => _messages.Count;

    public void Add(Message message) => _messages.Add(message);

    public void Remove(Message message) => _messages.Remove(message);

    public void Clear()
    {
        _messages.Clear();
        _messages.TrimExcess();
    }

    public Message? Find(string id) =>
        MessageId.TryParse(id, out var parsed) && _messages.GetAlternateLookup<MessageId>().TryGetValue(parsed, out var message)
            ? message
            : null;

    public IEnumerator<Message> GetEnumerator() => _messages.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    sealed class ById : IEqualityComparer<Message>, IAlternateEqualityComparer<MessageId, Message>
    {
        public bool Equals(Message? x, Message? y) => ReferenceEquals(x, y);

        public int GetHashCode(Message obj) => obj.IdBytes.GetHashCode();

        public bool Equals(MessageId alternate, Message other) => alternate.Equals(other.IdBytes);

        public int GetHashCode(MessageId alternate) => alternate.GetHashCode();

        [ExcludeFromCodeCoverage(Justification = "Nothing is added by its id alone.")]
        public Message Create(MessageId alternate) => throw new NotSupportedException();
    }
}
