namespace MassTransit.QStash.Soak.Messages;

/// <summary>Every message has the same id however often it is sent, as with an outbox.</summary>
static class MessageIds
{
    const byte Submitted = 1;
    const byte Billed = 2;
    const byte Shipment = 3;
    const byte Reminder = 4;

    public static Guid OfSubmitted(int order, int seed) => Create(order, seed, Submitted);

    public static Guid OfBilled(int order, int seed) => Create(order, seed, Billed);

    public static Guid OfShipment(int order, int seed) => Create(order, seed, Shipment);

    public static Guid OfReminder(int order, int seed) => Create(order, seed, Reminder);

    static Guid Create(int order, int seed, byte kind) =>
        new([.. BitConverter.GetBytes(order), .. BitConverter.GetBytes(seed), kind, 0, 0, 0, 0, 0, 0, 1]);
}
