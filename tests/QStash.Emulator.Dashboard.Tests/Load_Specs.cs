using System.Diagnostics;
using QStash.Emulator.Dashboard.Tests.Support;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Dashboard.Tests;

/// <summary>Needs a quiet machine, so it runs only when it is asked for: <c>--explicit only</c>.</summary>
public class A_busy_emulator(Chromium chromium) : DashboardTest(chromium)
{
    const int Known = 10_000;
    const int EachSecond = 100;
    const int Seconds = 60;

    protected override QStashEmulatorOptions Options() => new() { EnableDashboard = true };

    [Fact(Explicit = true)]
    public async Task Is_watched_without_delay_and_without_growing()
    {
        for (var sent = 0; sent < Known; sent += 500)
            await BatchAsync(500);

        await IdleAsync();
        var watch = Stopwatch.StartNew();
        await OpenAsync();
        await Page.Locator("tbody tr").First.WaitForAsync();
        Assert.InRange(watch.ElapsedMilliseconds, 0, 1000);

        List<long> heaps = [];
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var second = 0; second < Seconds; second++)
        {
            await timer.WaitForNextTickAsync(Cancellation);
            await BatchAsync(EachSecond);
            if (second % 10 != 9)
                continue;

            heaps.Add(GC.GetTotalMemory(forceFullCollection: true) / 1024);
            watch.Restart();
            await Page.GetByLabel("Search").FillAsync("msg_");
            await Row("/a").First.WaitForAsync();
            await Page.GetByLabel("Search").FillAsync("");
            Assert.InRange(watch.ElapsedMilliseconds, 0, 1000);
        }

        // What the log keeps of the new messages, and nothing for having looked at them.
        TestContext.Current.TestOutputHelper?.WriteLine($"managed heap, KiB: {string.Join(", ", heaps)}");
        Assert.InRange(heaps[^1] - heaps[0], long.MinValue, 4 * EachSecond * Seconds);
    }

    Task<Answer> BatchAsync(int count) => CallAsync("POST", "/v2/batch",
        Enumerable.Range(0, count).Select(_ => new { destination = Sink.Url + "/a", body = "{}" }).ToArray());
}
