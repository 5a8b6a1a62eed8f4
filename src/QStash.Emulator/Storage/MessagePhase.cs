namespace QStash.Emulator.Storage;

/// <summary>What is happening with a message right now.</summary>
enum MessagePhase
{
    /// <summary>It waits for its time or for its turn in a queue.</summary>
    Waiting,

    /// <summary>An attempt is open.</summary>
    InFlight,

    /// <summary>It was delivered, failed or cancelled.</summary>
    Finished,
}
