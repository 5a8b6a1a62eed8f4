namespace MassTransit.QStash.Soak.Judging;

/// <summary>The effect of a message of a kind beside the orders.</summary>
/// <param name="Kind">The kind, which is the name of its endpoint.</param>
/// <param name="Order">The order it is about.</param>
readonly record struct SideEffect(string Kind, int Order);
