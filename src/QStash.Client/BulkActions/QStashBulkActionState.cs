namespace QStash.Client;

/// <summary>Whether a bulk action still runs.</summary>
public enum QStashBulkActionState
{
    /// <summary>A word this version does not know.</summary>
    Unknown,

    /// <summary>It runs.</summary>
    InProgress,

    /// <summary>It has ended.</summary>
    Finished
}
