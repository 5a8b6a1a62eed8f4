using MassTransit.QStash.Tests.Support;
using MassTransit.QStash.TestService;

namespace MassTransit.QStash.Tests;

public class Killing_a_service_in_the_middle_of_a_message
{
    [Fact]
    public async Task Loses_nothing()
    {
        await using var cloud = await Cloud.StartAsync(TimeProvider.System);
        var shop = await cloud.StartServiceAsync("shop", s => s.AddBus());

        await using (var service = await ServiceProcess.StartAsync(cloud, "work.test", "--hang"))
        {
            // Not the long default back-off, since both processes have the system clock; and a minute and a half in all, for a slow machine.
            await cloud.Client.UrlGroups.SetDefaultHeadersAsync("MassTransit.QStash.TestService.WorkOrdered",
                new Dictionary<string, string> { ["Upstash-Retry-Delay"] = "min(1000 * (1 + retried), 5000)", ["Upstash-Retries"] = "20" }, Cancellation);

            await shop.Publish(new WorkOrdered("42"));
            await service.WaitForLineAsync("consuming 42");
            await service.KillAsync();
        }

        await using var restarted = await ServiceProcess.StartAsync(cloud, "work.test");
        await restarted.WaitForLineAsync("consumed 42");

        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }
}
