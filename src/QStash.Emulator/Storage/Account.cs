using System.Text;

namespace QStash.Emulator.Storage;

/// <summary>
/// One user and everything that belongs to it. Users share nothing. All state is read and changed under <see cref="Gate"/>.
/// </summary>
sealed class Account(string name, string token, SigningKeys keys, IAccountJournal? journal)
{
    readonly SigningKeys _firstKeys = keys;
    volatile SigningKeys _keys = keys;

    public Lock Gate { get; } = new();

    public string Name { get; } = name;

    public string Token { get; } = token;

    /// <summary>A token that can only read.</summary>
    public string ReadOnlyToken { get; } =
        Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"UserID":"{{name}}","Password":"readOnly"}"""));

    public SigningKeys Keys => _keys;

    /// <summary>Writes what happens here to the data file; null without one.</summary>
    public IAccountJournal? Journal { get; } = journal;

    /// <summary>Called with the name of a URL group after a publish to it, if the group has no members or does not exist.</summary>
    public Action<string>? NobodyListens { get; set; }

    /// <summary>Messages that have not reached a final state.</summary>
    public PendingMessages Messages { get; } = [];

    public Dictionary<string, FifoQueue> Queues { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, UrlGroup> UrlGroups { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Schedule> Schedules { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, FlowControlKey> FlowControlKeys { get; } = new(StringComparer.Ordinal);

    /// <summary>Attempts that are open.</summary>
    public int InFlight { get; set; }

    public DeduplicationWindow Deduplication { get; private set; } = new(journal);

    public DeadLetterQueue DeadLetters { get; private set; } = new(journal);

    public MessageLog Log { get; private set; } = new(journal);

    public BulkActions BulkActions { get; private set; } = new(journal);

    /// <summary>Stores the events until this is disposed in one transaction. Needs the gate.</summary>
    public Lock.Scope StoreTogether() => Journal is { } journal ? journal.Hold() : default;

    /// <summary>Makes the account like a new one. Needs the gate; open attempts are ignored when they end.</summary>
    public void Reset()
    {
        foreach (var message in Messages)
            message.Phase = MessagePhase.Finished;

        Messages.Clear();
        Queues.Clear();
        UrlGroups.Clear();
        Schedules.Clear();
        FlowControlKeys.Clear();
        InFlight = 0;
        (MessagesToday, RequestsThisSecond) = (new WindowCounter(), new WindowCounter());
        Deduplication = new DeduplicationWindow(Journal);
        DeadLetters = new DeadLetterQueue(Journal);
        Log = new MessageLog(Journal);
        BulkActions = new BulkActions(Journal);
        _keys = _firstKeys;
        Journal?.Reset();
    }

    public WindowCounter MessagesToday { get; private set; } = new();

    public WindowCounter RequestsThisSecond { get; private set; } = new();

    public SigningKeys RotateKeys()
    {
        lock (Gate)
        {
            _keys = _keys.Rotate();
            Journal?.Save(_keys);
            return _keys;
        }
    }

    public void Restore(SigningKeys keys) => _keys = keys;
}
