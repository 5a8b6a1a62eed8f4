using Microsoft.Playwright;
using QStash.Emulator.Dashboard.Tests.Support;

namespace QStash.Emulator.Dashboard.Tests;

public class A_narrow_screen_with_long_names(Chromium chromium) : DashboardTest(chromium)
{
    protected override QStashEmulatorOptions Options() => new() { TimeProvider = Clock, EnableDashboard = true, EnableControl = true };

    [Theory]
    [InlineData(390)]
    [InlineData(820)]
    [InlineData(1280)]
    public async Task Needs_no_scrolling_sideways(int width)
    {
        await Page.SetViewportSizeAsync(width, 800);
        var name = new string('n', 220);
        Sink.AnswerWith(500);
        await CallAsync("POST", $"/v2/topics/{name}/endpoints",
            new
            {
                endpoints = new[] { new { name = name + "e", url = $"{Sink.Url}/{name}" },
            new { name = "e2", url = $"{Sink.Url}/b" } }
            });
        var id = (await CallAsync("POST", $"/v2/publish/{name}", $$"""{"messageType":["urn:message:{{name}}:{{name}}"],"messageId":"{{name}}","sourceAddress":"{{name}}"}""",
            "Upstash-Label: " + name, "Upstash-Retries: 0", "Upstash-Flow-Control-Key: " + name,
                "Upstash-Flow-Control-Value: parallelism=1")).Json[0].GetProperty("messageId").GetString();
        await EnqueueAsync(name);
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/{name}", null,
            "Upstash-Cron: 0 0 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20 * *", "Upstash-Schedule-Id: " + name,
            "Upstash-Queue-Name: " + name);
        await IdleAsync();
        foreach (var view in new[] { "messages", "messages/" + id, "dlq", "groups", "queues", "flow", "schedules", "clock", "send",
            $"messages?group={name}&search={name}", "send?from=" + id })
        {
            await OpenAsync(view);
            Assert.Equal((view, width), (view, await Page.EvaluateAsync<int>("document.documentElement.scrollWidth")));
        }
    }
}

public class A_notice(Chromium chromium) : DashboardTest(chromium)
{
    [Fact]
    public async Task Is_on_the_screen_wherever_it_is_scrolled_to_and_moves_nothing()
    {
        Sink.AnswerWith(500);
        for (var i = 0; i < 40; i++)
            await PublishAsync($"/{i}", null, "Upstash-Retries: 0");

        await IdleAsync();
        await OpenAsync("dlq");
        var last = Page.Locator("tbody tr").Last;
        await last.ScrollIntoViewIfNeededAsync();
        await Page.RouteAsync("**/v2/dlq/retry/*", route => route.AbortAsync());
        Forgive("net::ERR_FAILED");
        var before = await last.BoundingBoxAsync();
        await last.GetByRole(AriaRole.Button, new() { NameRegex = new("Retry") }).ClickAsync();
        await Button("Send again").ClickAsync();
        var notice = Page.GetByRole(AriaRole.Alert).GetByText("The emulator does not answer.");
        await notice.WaitForAsync();
        var box = await notice.BoundingBoxAsync();
        Assert.InRange(box!.Y + box.Height, 1, Page.ViewportSize!.Height);
        Assert.Equal(before!.Y, (await last.BoundingBoxAsync())!.Y);
        await Button("Close the notice").ClickAsync();
        await notice.WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }
}

public class A_body_of_nested_json(Chromium chromium) : DashboardTest(chromium)
{
    [Theory]
    [InlineData("[", "]", 5000)]
    [InlineData("{\"a\":", "}", 1700)]
    public async Task Is_shown_without_blanks_by_the_megabyte(string open, string close, int depth)
    {
        var body = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
        var id = await PublishAsync("/a", body, "Upstash-Delay: 1h");
        await OpenAsync("messages/" + id);
        var shown = await Page.GetByLabel("Body").First.InnerTextAsync();
        Assert.InRange(shown.Length, body.Length, 100 * 2 * depth);
        Assert.Equal(body, string.Concat(shown.Where(character => !char.IsWhiteSpace(character))));
    }
}

public class The_clock_of_the_page(Chromium chromium) : DashboardTest(chromium)
{
    protected override QStashEmulatorOptions Options() => new() { TimeProvider = Clock, EnableDashboard = true, EnableControl = true };

    [Fact]
    public async Task Says_on_every_page_what_follows_when_it_is_not_the_real_time()
    {
        await OpenAsync("queues");
        await Page.GetByText("The clock stands still and is").WaitForAsync();
        await Page.GetByText("Services that go by the real time answer 401: to them, the signatures have expired.").WaitForAsync();
        Emulator.Clock!.Advance(DateTimeOffset.UtcNow.AddDays(2) - Clock.GetUtcNow());
        await Page.GetByText("ahead of the real time").WaitForAsync();
        await Page.GetByText("to them, the signatures are from the future").WaitForAsync();
        Emulator.Clock.Scale = 60;
        Emulator.Clock.Resume();
        await Page.GetByText("The clock runs 60 times as fast as the real time").WaitForAsync();
        Emulator.Clock.Freeze();
        await Page.GetByText("The clock stands still").WaitForAsync();
    }

    [Fact]
    public async Task Shows_what_is_waited_for_while_it_is_advanced_over_a_slow_destination()
    {
        var (arrived, answers) = Sink.Hold();
        var id = await PublishAsync("/slow", null, "Upstash-Delay: 5s");
        await OpenAsync("clock");
        await Button("Advance by 10s").ClickAsync();
        await Page.GetByRole(AriaRole.Status).GetByText("Advancing by 10s").WaitForAsync();
        await arrived.WaitAsync(Cancellation);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Open attempts" }).ClickAsync();
        await Page.Locator($"a[href='#/messages/{id}']").WaitForAsync();
        await Page.GetByRole(AriaRole.Status).GetByText("Advancing by 10s").WaitForAsync();
        await Button("Stop waiting").ClickAsync();
        await Page.GetByRole(AriaRole.Alert).GetByText("It was not waited for.").WaitForAsync();
        answers.Release();
        await IdleAsync();
    }
}

public class A_clock_that_is_the_real_one(Chromium chromium) : DashboardTest(chromium)
{
    protected override QStashEmulatorOptions Options() => new() { EnableDashboard = true };

    [Fact]
    public async Task Is_not_spoken_of()
    {
        await OpenAsync();
        await Page.Locator("a.now").WaitForAsync();
        Assert.Equal(0, await Page.Locator(".clock-mark").CountAsync());
    }
}
