namespace MassTransit.QStash.Soak.Processes;

/// <summary>
/// What the emulator holds for delivered. Its log keeps the newest events only, so it is read again and again. A kill can take
/// the last events with it, and give their place to others: each reading overlaps the one before.
/// </summary>
sealed class DeliveryLog(EmulatorApi api)
{
    const long Overlap = 2_000;

    readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    long _newest = Overlap;

    public IReadOnlyCollection<string> Ids => _ids;

    public async Task ReadAsync()
    {
        await foreach (var (id, time) in api.DeliveredAsync(_newest - Overlap))
        {
            _ids.Add(id);
            _newest = Math.Max(_newest, time);
        }
    }
}
