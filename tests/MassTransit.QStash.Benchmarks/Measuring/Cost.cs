namespace MassTransit.QStash.Benchmarks.Measuring;

/// <summary>What one operation takes.</summary>
readonly record struct Cost(double Microseconds, double AllocatedBytes)
{
    public double PerSecond => 1_000_000 / Microseconds;
}
