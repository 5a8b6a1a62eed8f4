using MassTransit.QStash.Benchmarks.Measuring;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// One row of the goals: a piece of work and what it is compared with.
/// </summary>
interface IRow
{
    int Number { get; }

    /// <summary>Measures it.</summary>
    Task<IReadOnlyList<Comparison>> Run(Effort effort);
}
