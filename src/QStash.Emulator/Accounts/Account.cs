using System.Text;
using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Accounts;

/// <summary>
/// One user and everything that belongs to it. Users share nothing (contract 9, check 6). All state is read and
/// changed under <see cref="Gate"/>.
/// </summary>
sealed class Account(string name, string token, SigningKeys keys)
{
    volatile SigningKeys _keys = keys;

    public Lock Gate { get; } = new();

    public string Name { get; } = name;

    public string Token { get; } = token;

    /// <summary>Reads and cannot do anything else (contract 1.3).</summary>
    public string ReadOnlyToken { get; } =
        Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"UserID":"{{name}}","Password":"readOnly"}"""));

    public SigningKeys Keys => _keys;

    /// <summary>Messages that have not reached a final state, by id.</summary>
    public Dictionary<string, Message> Messages { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, FifoQueue> Queues { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, UrlGroup> UrlGroups { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Schedule> Schedules { get; } = new(StringComparer.Ordinal);

    public DeduplicationWindow Deduplication { get; } = new();

    public DeadLetterQueue DeadLetters { get; } = new();

    public MessageLog Log { get; } = new();

    public WindowCounter MessagesToday { get; } = new();

    public WindowCounter RequestsThisSecond { get; } = new();

    public SigningKeys RotateKeys()
    {
        lock (Gate)
            return _keys = _keys.Rotate();
    }
}
