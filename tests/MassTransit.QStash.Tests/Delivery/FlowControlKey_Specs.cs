using MassTransit.QStash.Tests.Support;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>The client and the emulator know nothing of each other; here they have to agree.</summary>
public class A_flow_control_key
{
    [Fact]
    public async Task Is_read_and_changed_by_the_client()
    {
        await using var cloud = await Cloud.StartAsync();
        var keys = cloud.Client.FlowControl;
        Assert.Null(await keys.GetAsync("tenant:1%", Cancellation));
        await cloud.Client.PublishAsync(
            new QStashMessage
            {
                Destination = "https://orders.example.com/a",
                Delay = TimeSpan.FromHours(1),
                FlowControl = new() { Key = "tenant:1%", Parallelism = 2, Rate = 10, Period = TimeSpan.FromMinutes(1) },
            },
            Cancellation);

        var key = Assert.Single(await keys.ListAsync("tenant", Cancellation));
        Assert.Equal(("tenant:1%", 2, 10, TimeSpan.FromMinutes(1)), (key.Key, key.ParallelismMax, key.RateMax, key.RatePeriod));
        Assert.Equal((0, 0, 0), (key.ParallelismCount, key.RateCount, key.WaitListSize));
        Assert.Empty(await keys.ListAsync("nobody", Cancellation));

        await keys.PauseAsync("tenant:1%", Cancellation);
        await keys.PinAsync(new() { Key = "tenant:1%", Rate = 5, Period = TimeSpan.FromSeconds(30) }, Cancellation);
        key = (await keys.GetAsync("tenant:1%", Cancellation))!;
        Assert.Equal((true, true, false, 5, TimeSpan.FromSeconds(30)), (key.IsPaused, key.IsPinnedRate, key.IsPinnedParallelism, key.RateMax, key.RatePeriod));

        await keys.ResumeAsync("tenant:1%", Cancellation);
        await keys.UnpinAsync("tenant:1%", cancellationToken: Cancellation);
        await keys.ResetRateAsync("tenant:1%", Cancellation);
        key = (await keys.GetAsync("tenant:1%", Cancellation))!;
        Assert.Equal((false, false), (key.IsPaused, key.IsPinnedRate));
        Assert.Equal((100, 0), ((await keys.GetGlobalParallelismAsync(Cancellation)).Max, (await keys.GetGlobalParallelismAsync(Cancellation)).Count));
    }
}
