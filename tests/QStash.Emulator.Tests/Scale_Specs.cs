using System.Text.Json;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests;

/// <summary>What a million messages would show, in small: the figures are those of tests/QStash.Emulator.Benchmarks.</summary>
[Collection(nameof(Holding_many_messages))]
[CollectionDefinition(nameof(Holding_many_messages), DisableParallelization = true)]
public class Holding_many_messages : EmulatorTest
{
    const int Count = 50_000;
    const int BytesPerMessage = 1_000;

    readonly CountingTime _time = new();

    protected override QStashEmulatorOptions Options() => new() { TimeProvider = _time };

    // A million in less than 1 GiB; here each has an entry in the log as well. In a process of its own, because other tests leave memory
    // behind that is freed at any time.
    [Fact(Explicit = true)]
    public async Task Takes_little_memory_for_each()
    {
        // What is there once for all, such as the code.
        await PublishManyAsync(1_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await PublishManyAsync(Count);
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        Assert.InRange(each, 1, BytesPerMessage);
    }

    [Fact] // The cost of a publish does not grow.
    public async Task Sets_one_timer_for_all()
    {
        await PublishManyAsync(1_000);
        Assert.Equal((1, 0), (_time.Created, _time.Changed));
    }

    async Task PublishManyAsync(int count)
    {
        for (var start = 0; start < count; start += 1_000)
        {
            var batch = JsonSerializer.SerializeToUtf8Bytes(Enumerable.Range(start, 1_000).Select(i => new
            {
                destination = "https://orders.example.com/qstash/order-submitted",
                headers = new Dictionary<string, string>
                {
                    ["Content-Type"] = "application/json",
                    ["Upstash-Forward-X-Order"] = $"order-{i:D8}",
                    ["Upstash-Delay"] = $"{86_400 + i}s",
                },
                body = new string('x', 100),
            }));
            await CallAsync("POST", "/v2/batch", batch);
        }
    }

    /// <summary>A clock that stands still and counts what is done with its timers.</summary>
    sealed class CountingTime : TimeProvider
    {
        public int Created { get; private set; }

        public int Changed { get; private set; }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Created++;
            return new Timer(this);
        }

        sealed class Timer(CountingTime time) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                time.Changed++;
                return true;
            }

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
