namespace MassTransit.QStash.Soak;

/// <summary>Who is killed.</summary>
enum Victim
{
    Orders,
    Billing,
    Emulator,

    /// <summary>All three at once, as when the machine goes down.</summary>
    Everything,
}
