namespace MassTransit.QStash.Analyzers;

/// <summary>What a setting is for.</summary>
enum Role
{
    None,

    /// <summary>An address that QStash is to call.</summary>
    Address,

    /// <summary>An address that QStash is to report to.</summary>
    Callback,

    Token,

    CurrentKey,

    NextKey,
}
