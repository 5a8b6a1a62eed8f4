using System.Text.Json;
using Microsoft.Playwright;
using QStash.Emulator.Dashboard.Tests.Support;

namespace QStash.Emulator.Dashboard.Tests;

public abstract class Appearance(Chromium chromium) : DashboardTest(chromium)
{
    /// <summary>Texts whose contrast with what is behind them is below WCAG AA: 4.5, or 3 for large ones.</summary>
    const string TooFaint = """
        () => {
          const parse = color => { const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number); return { r, g, b, a }; };
          const over = (top, below) => ({ r: top.r * top.a + below.r * (1 - top.a), g: top.g * top.a + below.g * (1 - top.a), b: top.b * top.a + below.b * (1 - top.a), a: 1 });
          const light = ({ r, g, b }) => [r, g, b].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = element => {
            const own = element ? parse(getComputedStyle(element).backgroundColor) : { r: 255, g: 255, b: 255, a: 1 };
            return own.a === 1 ? own : over(own, behind(element.parentElement));
          };
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const faint = [];
          let checked = 0;
          while (texts.nextNode()) {
            const element = texts.currentNode.parentElement;
            if (!texts.currentNode.data.trim() || !element.checkVisibility() || element.tagName === 'OPTION') continue;
            const style = getComputedStyle(element);
            const [a, b] = [light(over(parse(style.color), behind(element))), light(behind(element))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            checked++;
            if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) faint.push(`${texts.currentNode.data.trim()} ${ratio.toFixed(2)}`);
          }
          return JSON.stringify({ checked, faint });
        }
        """;

    public static readonly TheoryData<string> Views = ["messages", "messages/{id}", "dlq", "schedules", "groups", "queues", "flow", "clock"];

    protected async Task OpenFilledAsync(string view)
    {
        Sink.AnswerWith(500);
        var id = await PublishAsync("/" + new string('x', 300), new string('y', 500), "Upstash-Label: nightly", "Upstash-Retries: 1");
        await PublishAsync("/failed", "1", "Upstash-Retries: 0");
        await IdleAsync();
        Sink.AnswerWith(200);
        await PublishAsync("/delivered");
        await PublishAsync("/later", null, "Upstash-Delay: 1h");
        await CallAsync("POST", "/v2/topics/orders/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/" + new string('z', 200) } } });
        await CallAsync("POST", "/v2/queues", new { queueName = "paused-queue", parallelism = 1, paused = true });
        await EnqueueAsync("running-queue");
        await PublishAsync("/limited", "{\"n\":1}", "Upstash-Flow-Control-Key: " + new string('k', 100), "Upstash-Flow-Control-Value: rate=1, period=7d, parallelism=100000");
        await CallAsync("POST", "/v2/flowControl/" + new string('k', 100) + "/pin?parallelism=100000");
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/report", "go", "Upstash-Cron: CRON_TZ=America/Argentina/Buenos_Aires 30 6 1,15 JAN-MAR MON-FRI", "Upstash-Schedule-Id: " + new string('s', 100));
        await IdleAsync();
        await Page.RouteAsync("**/emulator/clock", route => route.FulfillAsync(new() { ContentType = "application/json", Body = """{"frozen":true,"scale":1}""" }));
        await OpenAsync(view.Replace("{id}", id, StringComparison.Ordinal));
        await Page.Locator("tbody tr, .attempt, dl").First.WaitForAsync();
    }

    protected async Task AssertLegibleAsync()
    {
        var result = JsonDocument.Parse(await Page.EvaluateAsync<string>(TooFaint)).RootElement;
        Assert.InRange(result.GetProperty("checked").GetInt32(), 15, int.MaxValue);
        Assert.Empty(result.GetProperty("faint").EnumerateArray().Select(text => text.GetString()));
    }
}

public class In_light_colours(Chromium chromium) : Appearance(chromium)
{
    protected override BrowserNewContextOptions Browser => new() { ColorScheme = ColorScheme.Light };

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Has_enough_contrast(string view)
    {
        await OpenFilledAsync(view);
        Assert.Equal("rgb(246, 247, 248)", await BackgroundAsync());
        await AssertLegibleAsync();
    }

    Task<string> BackgroundAsync() => Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
}

public class In_dark_colours(Chromium chromium) : Appearance(chromium)
{
    protected override BrowserNewContextOptions Browser => new() { ColorScheme = ColorScheme.Dark };

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Has_enough_contrast(string view)
    {
        await OpenFilledAsync(view);
        Assert.Equal("rgb(16, 20, 24)", await Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        await AssertLegibleAsync();
    }
}

public class On_a_phone(Chromium chromium) : Appearance(chromium)
{
    protected override BrowserNewContextOptions Browser => new() { ViewportSize = new() { Width = 360, Height = 740 } };

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Needs_no_scrolling_sideways(string view)
    {
        await OpenFilledAsync(view);
        Assert.Equal(360, await Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Theory]
    [InlineData("messages")]
    [InlineData("dlq")]
    [InlineData("schedules")]
    [InlineData("flow")]
    public async Task Needs_none_when_empty_either(string view)
    {
        await Page.RouteAsync("**/v2/{schedules,flowControl}", route => route.FulfillAsync(new() { ContentType = "application/json", Body = "[]" }));
        await OpenAsync(view);
        await Page.GetByLabel("Command").WaitForAsync();
        Assert.Equal(360, await Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }
}

public class On_a_tablet(Chromium chromium) : Appearance(chromium)
{
    protected override BrowserNewContextOptions Browser => new() { ViewportSize = new() { Width = 820, Height = 1100 } };

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Needs_no_scrolling_sideways_and_leaves_room_for_the_destination(string view)
    {
        await OpenFilledAsync(view);
        Assert.Equal(820, await Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.All(await Page.EvaluateAsync<double[]>("[...document.querySelectorAll('td.wide')].map(cell => cell.clientWidth)"), width => Assert.InRange(width, 200, 820));
    }
}

public class With_a_keyboard(Chromium chromium) : Appearance(chromium)
{
    [Theory]
    [MemberData(nameof(Views))]
    public async Task Reaches_everything_and_shows_where_it_is(string view)
    {
        await OpenFilledAsync(view);
        var expected = await Page.EvaluateAsync<int>("[...document.querySelectorAll('a, button, input, select, summary, pre')].filter(e => e.checkVisibility()).length");
        await Page.EvaluateAsync("document.activeElement.blur()");
        var unseen = new List<string>();
        for (var stop = 0; stop < expected; stop++)
        {
            await Page.Keyboard.PressAsync("Tab");
            unseen.AddRange(await Page.EvaluateAsync<string[]>("""
                () => {
                  const focused = document.activeElement;
                  const again = focused.reached;
                  focused.reached = true;
                  const style = getComputedStyle(focused);
                  return !again && style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2 ? [] : [focused.outerHTML.slice(0, 100)];
                }
                """));
        }

        Assert.Empty(unseen);
    }
}
