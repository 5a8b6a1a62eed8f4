using System.Collections.Concurrent;
using Microsoft.Playwright;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Dashboard.Tests.Support;

/// <summary>An emulator on a virtual clock with its dashboard open in Chromium. Whatever the browser complains about fails the test.</summary>
public abstract class DashboardTest(Chromium chromium) : EmulatorTest
{
    readonly ConcurrentQueue<string> _complaints = new();
    string? _forgiven;

    protected IPage Page { get; private set; } = null!;

    protected ILocator Heading => Page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    protected virtual BrowserNewContextOptions Browser => new();

    protected override QStashEmulatorOptions Options() => new() { TimeProvider = Clock, EnableDashboard = true };

    public override async ValueTask InitializeAsync()
    {
        var browser = chromium.Require();
        await base.InitializeAsync();
        var context = await browser.NewContextAsync(Browser);
        context.SetDefaultTimeout(30_000);
        Page = await context.NewPageAsync();
        Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Enqueue(message.Text);
        };
        Page.PageError += (_, error) => _complaints.Enqueue(error);
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Page is not null)
        {
            await Page.Context.CloseAsync();
            await base.DisposeAsync();
        }

        Assert.DoesNotContain(_complaints, complaint => _forgiven is null || !complaint.Contains(_forgiven, StringComparison.Ordinal));
    }

    /// <summary>Opens a view, for example <c>queues</c>, and waits for it and for the connection that keeps it up to date.</summary>
    protected async Task OpenAsync(string view = "messages")
    {
        await Page.GotoAsync($"{Emulator.Url}#/{view}");
        await Heading.WaitForAsync();
        await Page.GetByText("Live", new() { Exact = true }).WaitForAsync();
        await Page.GetByText("Loading…").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    protected ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    protected ILocator Row(string text) => Page.Locator("tbody tr").Filter(new() { HasText = text });

    /// <summary>Presses Tab until the element has the focus, as somebody without a mouse would.</summary>
    protected async Task TabToAsync(ILocator element)
    {
        for (var pressed = 0; pressed < 50; pressed++)
        {
            if (await element.EvaluateAsync<bool>("element => element === document.activeElement"))
                return;

            await Page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"{element} is not among the first 50 stops of the Tab key.");
    }

    protected Task<string> FocusedAsync() =>
        Page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent");

    /// <summary>For a test that provokes a complaint of the browser itself.</summary>
    protected void Forgive(string complaint) => _forgiven = complaint;

    /// <summary>Waits until an element has the focus. Not with a script that polls: the page's policy forbids those.</summary>
    protected Task FocusOnAsync(string selector) => Page.Locator(selector + ":focus").WaitForAsync();
}
