namespace QStash.Emulator.Durability;

/// <summary>
/// Sixteen messages of a user with consecutive numbers, and their rows in the data file. A row has the messages of the block that were
/// accepted in one transaction, so that one statement writes many. It is deleted when nothing refers to any of them.
/// </summary>
sealed class MessageBlock(long number, string user)
{
    /// <summary>
    /// Larger blocks would take fewer statements, but a message that waits for days keeps the bodies of all others of its row in the file.
    /// </summary>
    public const int Size = 16;

    // A bit for each message: those that a row begins with, and those that something refers to.
    uint _rows;
    uint _referenced;

    public string User => user;

    /// <summary>The number of its first message.</summary>
    public long First => number * Size;

    /// <summary>Has a bit for each of its messages that has reached a final state.</summary>
    public uint Finished { get; set; }

    public bool IsEmpty => _rows == 0;

    /// <summary>The number of the block of a message.</summary>
    public static long Of(long message) => message / Size;

    /// <summary>The bit of a message.</summary>
    public static uint Bit(long message) => 1u << (int)(message % Size);

    public void BeginRow(long message) => _rows |= Bit(message);

    public void Refer(long message) => _referenced |= Bit(message);

    public void Release(long message) => _referenced &= ~Bit(message);

    /// <summary>Takes out the rows with messages that nothing refers to, as the numbers that they cover.</summary>
    public IEnumerable<(long First, long Last)> TakeUnreferenced()
    {
        for (var (start, end) = (Size - 1, Size); start >= 0; start--)
        {
            if ((_rows & Bit(start)) == 0)
                continue;

            var row = (1u << end) - (1u << start);
            if ((_referenced & row) == 0)
            {
                _rows &= ~Bit(start);
                yield return (First + start, First + end - 1);
            }

            end = start;
        }
    }
}
