using MassTransit.QStash.Benchmarks.Measuring;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// One row of the goals: a piece of work and what it is compared with.
/// </summary>
interface IRow
{
    int Number { get; }

    /// <summary>Measures it.</summary>
    /// <param name="scale">1 for the full run, less for a quick one: factor of the number of operations.</param>
    Task<IReadOnlyList<Comparison>> Run(double scale);
}
