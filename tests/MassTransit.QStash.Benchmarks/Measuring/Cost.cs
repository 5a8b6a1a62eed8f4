namespace MassTransit.QStash.Benchmarks.Measuring;

/// <summary>What one operation took in one round.</summary>
/// <param name="Microseconds">Time on the clock.</param>
/// <param name="ProcessorMicroseconds">Time of all processors together.</param>
/// <param name="Bytes">Memory: allocated by this process, or resident where a process of its own was measured.</param>
readonly record struct Cost(double Microseconds, double ProcessorMicroseconds, double Bytes)
{
    public double Milliseconds => Microseconds / 1000;

    public double ProcessorMilliseconds => ProcessorMicroseconds / 1000;

    public double Mebibytes => Bytes / 1024 / 1024;

    public double PerSecond => 1_000_000 / Microseconds;
}
