namespace MassTransit.QStash.Soak.Judging;

/// <summary>What is left when the run is over, from those who were not asked before.</summary>
/// <param name="DeadLetters">What is in the emulator's dead letter queue.</param>
/// <param name="Delivered">The ids of the messages that the emulator holds for delivered.</param>
/// <param name="Pending">How many messages the emulator has not done with.</param>
/// <param name="Billed">The orders marked in the database of orders, each as often as it was.</param>
/// <param name="Settled">The effects of messages of other kinds, each as often as it happened.</param>
sealed record Aftermath(
    IReadOnlyCollection<DeadOrder> DeadLetters, IReadOnlyCollection<string> Delivered, int Pending, IReadOnlyCollection<int> Billed,
    IReadOnlyCollection<SideEffect> Settled);
