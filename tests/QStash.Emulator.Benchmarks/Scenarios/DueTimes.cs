namespace QStash.Emulator.Benchmarks.Scenarios;

/// <summary>Delays between one day and a million seconds more, all different and in no order.</summary>
static class DueTimes
{
    const int Spread = 1_000_000;
    const int First = 86_400;

    public static readonly TimeSpan All = TimeSpan.FromSeconds(First + Spread);

    /// <summary>In seconds.</summary>
    public static int Of(int index) => First + (int)(index * 7919L % Spread);
}
