namespace MassTransit.QStash.Benchmarks.Messages;

/// <summary>The message of all rows; its text brings it to the size that is asked for.</summary>
/// <param name="Id">Which one it is.</param>
/// <param name="SentAt">A timestamp of the sending process.</param>
/// <param name="Text">Filler.</param>
public sealed record OrderPlaced(int Id, long SentAt, string Text)
{
    public static string TextOf(int length) => new('x', length);
}
