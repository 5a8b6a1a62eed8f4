using System.Text.Json;
using Microsoft.Playwright;
using QStash.Emulator.Dashboard.Tests.Support;

namespace QStash.Emulator.Dashboard.Tests;

public class Looking_after_resources(Chromium chromium) : DashboardTest(chromium)
{
    [Fact]
    public async Task Pauses_and_resumes_a_queue()
    {
        await CallAsync("POST", "/v2/queues", new { queueName = "orders", parallelism = 1 });
        await OpenAsync("queues");
        await Button("Pause orders").ClickAsync();
        await Row("orders").GetByText("paused").WaitForAsync();
        await EnqueueAsync("orders");
        await IdleAsync();
        Assert.Empty(Sink.All);
        await Button("Resume orders").ClickAsync();
        await Row("orders").GetByText("running").WaitForAsync();
        await IdleAsync();
        Assert.Single(Sink.All);
    }

    [Fact]
    public async Task Shows_a_group_as_soon_as_it_exists()
    {
        await OpenAsync("groups");
        await Page.GetByText("No URL groups.").WaitForAsync();
        await CallAsync("POST", "/v2/topics/orders/endpoints", new { endpoints = new[] { new { name = "billing", url = Sink.Url + "/billing" } } });
        await Row("orders").GetByText("/billing").WaitForAsync();
    }

    [Fact]
    public async Task Shows_the_clock_as_it_moves()
    {
        await AnswerAsync("**/emulator/clock", new { error = "the control surface is off" }, status: 404);
        await OpenAsync("clock");
        await Page.GetByText("The control surface is off").WaitForAsync();
        Forgive("status of 404");
        await Page.GetByText("2026-01-01 00:00:00").First.WaitForAsync();
        await AdvanceAsync(90);
        await Page.GetByText("2026-01-01 00:01:30").First.WaitForAsync();
    }

    /// <summary>The control surface of the emulator, as far as the page uses it.</summary>
    [Fact]
    public async Task Moves_the_clock_when_the_control_surface_is_on()
    {
        var sent = new TaskCompletionSource<string?>();
        await AnswerAsync("**/emulator/clock", new { frozen = true, scale = 1 });
        await Page.RouteAsync("**/emulator/clock/advance", async route =>
        {
            await AdvanceAsync(600);
            await route.FulfillAsync(new() { Status = 200 });
            sent.SetResult(route.Request.PostData);
        });
        await OpenAsync("clock");
        await Button("Let it run").WaitForAsync();
        await Button("Advance by 10m").ClickAsync();
        Assert.Equal("""{"by":"10m"}""", await sent.Task.WaitAsync(Cancellation));
        await Page.GetByRole(AriaRole.Status).GetByText("Advanced by 10m.").WaitForAsync();
        await Page.GetByText("2026-01-01 00:10:00").First.WaitForAsync();
    }

    [Fact]
    public async Task Shows_schedules_with_their_next_runs_and_runs_one_now()
    {
        await CallAsync(
            "POST", $"/v2/schedules/{Sink.Url}/report", "go", "Upstash-Cron: CRON_TZ=Europe/Berlin 30 6 * * *", "Upstash-Schedule-Id: daily", "Upstash-Method: PUT",
            "Upstash-Forward-X-Tenant: blue");
        await OpenAsync("schedules");
        await Row("daily").GetByText("in 5 h 30 min").WaitForAsync();
        foreach (var run in new[] { "05:30:00", "2026-01-02 05:30:00", "2026-01-03 05:30:00", "2026-01-04 05:30:00" })
            await Row("daily").GetByText(run, new() { Exact = true }).WaitForAsync();

        await Row("daily").GetByText("CRON_TZ=Europe/Berlin 30 6 * * *").WaitForAsync();
        await Button("Run daily now").ClickAsync();
        await Page.GetByText("Published the message of daily.").WaitForAsync();
        await IdleAsync();
        var received = Assert.Single(Sink.All);
        Assert.Equal(("PUT", "/report", "blue", "go"), (received.Method, received.Target, received.Header("X-Tenant"), received.Text));

        await AdvanceAsync(6 * 3600);
        await Row("daily").GetByText("in 23 h 30 min").WaitForAsync();
        await Button("Pause daily").ClickAsync();
        await Row("daily").GetByText("paused").WaitForAsync();
        await Row("daily").GetByText("in 23 h 30 min").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    [Fact]
    public async Task Shows_flow_control_pauses_a_key_and_resets_its_rate()
    {
        for (var i = 0; i < 4; i++)
            await PublishAsync($"/{i}", null, "Upstash-Flow-Control-Key: a+b", "Upstash-Flow-Control-Value: rate=1, period=1m, parallelism=3");
        await IdleAsync();
        await CallAsync("POST", "/v2/flowControl/a%2Bb/pin?parallelism=5");
        await IdleAsync();
        await OpenAsync("flow");
        await Row("a+b").GetByText("0 of 5 pinned").WaitForAsync();
        await Row("a+b").GetByText("1 of 1 per 1 min").WaitForAsync();
        Assert.Equal(2, Sink.All.Count);

        await Button("Pause a+b").ClickAsync();
        await Row("a+b").GetByText("paused").WaitForAsync();
        await AdvanceAsync(60);
        Assert.Equal(2, Sink.All.Count);
        await Button("Resume a+b").ClickAsync();
        await Row("a+b").GetByText("running").WaitForAsync();
        await IdleAsync();
        Assert.Equal(3, Sink.All.Count);

        await Button("Reset the rate of a+b").ClickAsync();
        await Page.GetByText("A new period began for a+b.").WaitForAsync();
        await IdleAsync();
        Assert.Equal(4, Sink.All.Count);
    }

    async Task AnswerAsync(string url, object answer, int status = 200) => await Page.RouteAsync(url, route => route.FulfillAsync(new()
    {
        Status = status,
        ContentType = "application/json",
        Body = JsonSerializer.Serialize(answer),
    }));
}
