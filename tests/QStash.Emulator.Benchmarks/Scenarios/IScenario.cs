namespace QStash.Emulator.Benchmarks.Scenarios;

/// <summary>Something to measure.</summary>
interface IScenario
{
    /// <summary>Measures, and prints the figures.</summary>
    /// <param name="scale">1, or less for a quick look.</param>
    Task RunAsync(double scale);
}
