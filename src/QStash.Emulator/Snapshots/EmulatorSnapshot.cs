namespace QStash.Emulator.Snapshots;

/// <summary>Everything an emulator knew at one moment, except signing keys and the event log.</summary>
/// <param name="Clock">What the clock showed.</param>
/// <param name="Faults">The fault rules in force.</param>
/// <param name="Users">The users, each with what belongs to it.</param>
public sealed record EmulatorSnapshot(ClockSnapshot Clock, IReadOnlyList<FaultSnapshot> Faults, IReadOnlyList<UserSnapshot> Users)
{
    /// <summary>One user by name, for example <c>defaultUser</c>.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidOperationException">There is no such user.</exception>
    public UserSnapshot User(string name) => Users.Single(user => user.Name == name);
}
