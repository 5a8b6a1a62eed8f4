#pragma warning disable xUnit1051 // Shown without the token that xunit gives, which other frameworks do not have.

using MassTransit.Testing;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using QStash.Emulator.Faults;
using Reminders;

namespace MassTransit.QStash.Testing.Tests.Docs.Snippets;

/// <summary>The C# of docs/testing.md.</summary>
public class Testing
{
    [Fact]
    public async Task In_three_days_the_reminder_comes()
    {
        await using var qstash = await QStashTestEnvironment.StartAsync();
        await using var app = new WebApplicationFactory<Program>().WithWebHostBuilder(web => web.UseQStashTestEnvironment(qstash, "orders"));
        var harness = app.Services.GetTestHarness();

        await harness.Bus.Publish(new OrderSubmitted(NewId.NextGuid()));
        await qstash.AdvanceAsync(TimeSpan.FromDays(3));

        Assert.True(await harness.Published.Any<ReminderSent>());
    }

    [Fact]
    public async Task Without_a_web_host()
    {
        await using var qstash = await QStashTestEnvironment.StartAsync();
        await using var provider = new ServiceCollection()
            .AddMassTransit(x =>
            {
                x.AddConsumer<SendReminderConsumer>();
                x.UsingQStash((context, cfg) => cfg.ConfigureEndpoints(context));
            })
            .AddQStashTestEnvironment(qstash, "reminders")
            .BuildServiceProvider(true);
        var harness = await provider.StartTestHarness();

        await harness.Bus.Publish(new SendReminder(NewId.NextGuid()));

        Assert.True(await harness.Consumed.Any<SendReminder>());
    }

    [Fact]
    public async Task What_goes_wrong_on_the_way()
    {
        await using var qstash = await QStashTestEnvironment.StartAsync();
        await using var app = new WebApplicationFactory<Program>().WithWebHostBuilder(web => web.UseQStashTestEnvironment(qstash, "orders"));
        var harness = app.Services.GetTestHarness();

        qstash.Emulator.Faults.Add(new FaultRule(FaultAction.Refuse) { Count = 1 });
        await harness.Bus.Publish(new SendReminder(NewId.NextGuid()));
        await qstash.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.True(await harness.Published.Any<ReminderSent>());
    }

    static void Webhooks(QStashTestEnvironment qstash, HttpMessageHandler answers)
    {
        qstash.AddHost("hooks.example.com", answers);
    }
}
