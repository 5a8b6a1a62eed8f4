using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using MassTransit.QStash.Benchmarks.Measuring;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 1: verify a delivery of 1 KB.
/// </summary>
sealed class Verify : IRow
{
    public int Number => 1;

    public Task<IReadOnlyList<Comparison>> Run(double scale)
    {
        var job = (scale < 1 ? Job.ShortRun : Job.MediumRun).WithToolchain(InProcessEmitToolchain.Instance);
        var summary = BenchmarkRunner.Run<VerifyBenchmark>(ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(new StreamLogger(Path.Combine(Path.GetTempPath(), "verify-benchmark.log")))
            .WithOptions(ConfigOptions.DisableLogFile));

        var ours = Find(summary, nameof(VerifyBenchmark.Verifier));
        var theirs = Find(summary, nameof(VerifyBenchmark.JsonWebTokens));

        return Task.FromResult<IReadOnlyList<Comparison>>(
        [
            new(Number, "verify a 1 KB delivery", "JsonWebTokenHandler + SHA-256", ours.Microseconds, theirs.Microseconds, "µs",
                "≤ 0.5", ours.Microseconds <= theirs.Microseconds / 2),
            new(Number, "its allocation", "the same", ours.AllocatedBytes, theirs.AllocatedBytes, "B", "0 B", ours.AllocatedBytes == 0),
        ]);
    }

    static Cost Find(Summary summary, string name)
    {
        var report = summary.Reports.Single(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == name);

        return new Cost(report.ResultStatistics!.Median / 1000, report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0);
    }
}
