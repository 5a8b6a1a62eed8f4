namespace MassTransit.QStash.Soak.Messages;

/// <summary>Some orders cannot be billed, and have to end in the dead letter queue.</summary>
static class Poison
{
    const int Every = 50;

    public static bool Is(int order) => order % Every == Every - 1;
}
