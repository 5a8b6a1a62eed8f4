using Microsoft.Playwright;
using QStash.Emulator.Dashboard.Tests.Support;

namespace QStash.Emulator.Dashboard.Tests;

public class Working_on_dead_letters_without_a_mouse(Chromium chromium) : DashboardTest(chromium)
{
    string _older = "";
    string _newer = "";

    async Task FailTwoAsync()
    {
        Sink.AnswerWith(500, 500, 200);
        _older = await PublishAsync("/older", "1", "Upstash-Retries: 0");
        await IdleAsync();
        _newer = await PublishAsync("/newer", "2", "Upstash-Retries: 0");
        await IdleAsync();
        await OpenAsync();
        await TabToAsync(Page.GetByRole(AriaRole.Link, new() { Name = "Dead letters" }));
        await Page.Keyboard.PressAsync("Enter");
        await Row("/newer").WaitForAsync();
        await FocusOnAsync("h1");
    }

    async Task SendAgainAsync()
    {
        await TabToAsync(Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Send again" }));
        await Page.Keyboard.PressAsync("Enter");
    }

    [Fact]
    public async Task Retries_one_and_moves_on_to_the_next()
    {
        await FailTwoAsync();
        await TabToAsync(Button("Retry " + _newer));
        await Page.Keyboard.PressAsync("Enter");
        await SendAgainAsync();
        await Page.GetByRole(AriaRole.Status).GetByText("Sent again as msg_").WaitForAsync();
        await Row("/newer").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await IdleAsync();
        Assert.Equal("2", Sink.At("/newer")[^1].Text);
        await FocusOnAsync($"button[aria-label='Retry {_older}']");

        await Page.Keyboard.PressAsync("Enter");
        await SendAgainAsync();
        await Page.GetByText("Nothing failed for good.").WaitForAsync();
        Assert.Equal("Dead letters", await FocusedAsync());
        Assert.Equal(2, Sink.At("/older").Count);
    }

    [Fact]
    public async Task Deletes_one_only_after_asking()
    {
        await FailTwoAsync();
        await TabToAsync(Button("Delete " + _newer));
        await Page.Keyboard.PressAsync("Enter");
        await Page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await Page.Keyboard.PressAsync("Escape");
        Assert.Equal("Delete " + _newer, await FocusedAsync());
        await Row("/newer").WaitForAsync();

        await Page.Keyboard.PressAsync("Enter");
        await TabToAsync(Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }));
        await Page.Keyboard.PressAsync("Enter");
        await Row("/newer").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Row("/older").WaitForAsync();
        var left = await GetAsync("/v2/dlq");
        Assert.Equal(1, left.Json.GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task Says_why_something_did_not_work()
    {
        await FailTwoAsync();
        await Page.RouteAsync("**/v2/dlq/retry/*", route => route.AbortAsync());
        await TabToAsync(Button("Retry " + _newer));
        await Page.Keyboard.PressAsync("Enter");
        await SendAgainAsync();
        await Page.GetByRole(AriaRole.Alert).GetByText("The emulator does not answer.").WaitForAsync();
        Forgive("net::ERR_FAILED");
    }
}
