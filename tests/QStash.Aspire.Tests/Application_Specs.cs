using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace QStash.Aspire.Tests;

public class An_application_of_two_services
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Sends_a_message_from_one_to_the_other()
    {
        using var time = new CancellationTokenSource(Patience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, Cancellation);
        var cancel = either.Token;
        var clock = Stopwatch.StartNew();

        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.QStash_Aspire_AppHost>(cancel);
        await using var app = await builder.BuildAsync(cancel);
        await app.StartAsync(cancel);
        var resources = app.Services.GetRequiredService<ResourceNotificationService>();
        await resources.WaitForResourceHealthyAsync("billing", cancel);
        await resources.WaitForResourceHealthyAsync("orders", cancel);

        using var orders = app.CreateHttpClient("orders");
        using var billing = app.CreateHttpClient("billing");
        using var placed = await orders.PostAsync(new Uri("/orders/4711", UriKind.Relative), null, cancel);
        placed.EnsureSuccessStatusCode();

        Assert.Equal("4711", await billing.GetStringAsync(new Uri("/bills/4711", UriKind.Relative), cancel));

        // The dashboard of the emulator is one click away.
        var qstash = (QStashResource)builder.Resources.Single(resource => resource.Name == "qstash");
        Assert.True(resources.TryGetCurrentState("qstash", out var state));
        var link = Assert.Single(state.Snapshot.Urls);
        Assert.Equal("dashboard", link.Name);
        Assert.Equal(new Uri(link.Url).Port, qstash.Emulator!.Url.Port);
        using var browser = new HttpClient();
        Assert.Contains("<html", await browser.GetStringAsync(new Uri(link.Url), cancel), StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine($"From nothing to the message at its consumer: {clock.Elapsed.TotalSeconds:0.0} s.");
    }
}
