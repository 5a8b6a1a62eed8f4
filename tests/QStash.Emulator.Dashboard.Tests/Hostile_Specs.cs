using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using QStash.Emulator.Dashboard.Tests.Support;

namespace QStash.Emulator.Dashboard.Tests;

/// <summary>What others put into messages, and what the page makes of it.</summary>
public class Showing_hostile_content(Chromium chromium) : DashboardTest(chromium)
{
    const string Markup = "<img src=x onerror=hacked()><script>hacked()</script><a href=javascript:hacked()>x</a>\"'><svg onload=hacked()>${hacked()}{{hacked()}}";
    const string RightToLeft = "safe\u202Egnp.evil\u2066x\u200Fy";
    const string RightToLeftShown = "safe⟨U+202E⟩gnp.evil⟨U+2066⟩x⟨U+200F⟩y";

    static readonly string[] Views = ["messages", "dlq", "schedules", "groups", "queues", "flow", "clock"];

    readonly List<string> _foreign = [];

    protected override QStashEmulatorOptions Options() => new() { TimeProvider = Clock, EnableDashboard = true, EnableControl = true };

    [Fact]
    public async Task Runs_and_loads_nothing_of_it()
    {
        var id = await FillAsync(Markup);
        await ListenAsync();
        foreach (var view in Views.Append("messages/" + id))
        {
            await OpenAsync(view);
            Assert.Equal(0, await Page.Locator("main img, main script, main svg, main a[href^=javascript]").CountAsync());
        }

        await Page.GetByText("<script>hacked()</script>").First.WaitForAsync();
        await OpenAsync("dlq");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete msg_" }).First.ClickAsync();
        Assert.Equal(0, await Page.Locator("dialog img, dialog script, dialog svg").CountAsync());
        Assert.False(await Page.EvaluateAsync<bool>("'wasHacked' in window"));
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Shows_marks_that_turn_the_direction_of_text()
    {
        var id = await FillAsync(RightToLeft);
        await ListenAsync();
        foreach (var view in Views.Append("messages/" + id))
        {
            await OpenAsync(view);
            Assert.DoesNotContain(await Page.Locator("main").InnerTextAsync(), character => character is '\u202E' or '\u2066' or '\u200F');
        }

        await OpenAsync("messages/" + id);
        await Page.GetByText("x-hostile: ").First.WaitForAsync();
        await Page.GetByText(RightToLeftShown).First.WaitForAsync();
    }

    [Fact]
    public async Task Stays_quick_with_megabytes_of_it()
    {
        const int megabytes = 10;
        var large = new string('A', megabytes * 1024 * 1024);
        Sink.Answer = async (_, context) =>
        {
            context.Response.StatusCode = 500;
            await context.Response.WriteAsync(large[..(1024 * 1024)]);
        };
        var id = await PublishAsync("/body", large, "Upstash-Retries: 9", "Upstash-Retry-Delay: 1");
        var headers = new Dictionary<string, string> { ["Upstash-Label"] = large, ["Upstash-Forward-X"] = large, ["Upstash-Retries"] = "0" };
        var texts = new[] { new { destination = $"{Sink.Url}/{large}", headers } };
        var other = (await CallAsync("POST", "/v2/batch", texts)).Json[0].GetProperty("messageId").GetString();
        await AdvanceAsync(60);
        await ListenAsync();
        foreach (var view in new[] { "messages", "dlq", "messages/" + id, "messages/" + other })
        {
            await OpenAsync(view);
            Assert.InRange((await Page.Locator("main").InnerTextAsync()).Length, 100, 1_500_000);
        }

        await OpenAsync("messages/" + id);
        await Page.GetByText($"The beginning of a body of {large.Length} bytes").WaitForAsync();
        await Page.GetByText("Attempt 10").WaitForAsync();
    }

    [Theory]
    [InlineData("#/messages/%")]
    [InlineData("#/messages/<img src=x onerror=hacked()>")]
    [InlineData("#/%00/../..//messages")]
    public async Task Survives_a_link_that_is_none(string link)
    {
        await ListenAsync();
        await Page.GotoAsync(Emulator.Url + link);
        await Heading.WaitForAsync();
        Forgive("404");
        Assert.False(await Page.EvaluateAsync<bool>("'wasHacked' in window"));
    }

    /// <summary>Puts it wherever the API lets something be put.</summary>
    async Task<string> FillAsync(string hostile)
    {
        Sink.Answer = async (_, context) =>
        {
            context.Response.StatusCode = 500;
            context.Response.Headers["X-Answer"] = Uri.EscapeDataString(hostile);
            await context.Response.WriteAsync(hostile);
        };
        string[] headers =
        [
            "Upstash-Label: " + hostile, "Upstash-Forward-X-Hostile: " + hostile, "Upstash-Retries: 0", "Upstash-Flow-Control-Key: " + hostile,
            "Upstash-Flow-Control-Value: parallelism=3", $"Upstash-Failure-Callback: {Sink.Url}/?{Uri.EscapeDataString(hostile)}",
        ];
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/?" + hostile, name = hostile } } });
        var id = await PublishAsync("/a?" + Uri.EscapeDataString(hostile), hostile, headers);
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/s?{Uri.EscapeDataString(hostile)}", hostile, [.. headers, "Upstash-Cron: * * * * *", "Upstash-Schedule-Id: " + hostile]);
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/s", hostile, [.. headers, "Upstash-Cron: CRON_TZ=UTC * * * * *"]);
        await CallAsync("POST", "/v2/batch", new[] { new { destination = $"{Sink.Url}/b?{hostile}", body = hostile, headers = new Dictionary<string, string> { ["Upstash-Label"] = hostile } } });
        await CallAsync("POST", "/v2/queues", new { queueName = hostile });
        await IdleAsync();
        return id;
    }

    async Task ListenAsync()
    {
        Forgive("ERR_ABORTED");
        await Page.AddInitScriptAsync("window.hacked = () => { window.wasHacked = true; };");
        Page.Dialog += (_, dialog) => _foreign.Add(dialog.Message);
        Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(Emulator.Url.ToString(), StringComparison.Ordinal))
                _foreign.Add(request.Url);
        };
    }
}
