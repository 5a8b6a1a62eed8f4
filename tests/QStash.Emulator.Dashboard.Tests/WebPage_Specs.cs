using System.Net;
using Microsoft.Playwright;
using QStash.Emulator.Dashboard.Tests.Support;

namespace QStash.Emulator.Dashboard.Tests;

/// <summary>The page of another site, which is served to Chromium as <c>http://evil.example</c> and calls the emulator for real.</summary>
public class A_web_page_of_another_origin(Chromium chromium) : DashboardTest(chromium)
{
    const string Site = "http://evil.example/";

    string Token => Uri.EscapeDataString(Emulator.DefaultUser.Token);

    protected override QStashEmulatorOptions Options() => new() { TimeProvider = Clock, EnableDashboard = true, EnableControl = true };

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    public async Task Can_neither_publish_nor_rotate_keys_with_a_form(string type)
    {
        var keys = (await GetAsync("/v2/keys")).Text;
        foreach (var path in new[] { "v2/keys/rotate", "v2/publish/" + Sink.Url + "/a" })
        {
            await VisitAsync($"<form method=post enctype={type} action='{Emulator.Url}{path}?qstash_token={Token}'><input name=a value=b></form>");
            var answer = await Page.RunAndWaitForResponseAsync(
                () => Page.EvaluateAsync("() => document.forms[0].submit()"), response => response.Request.Method == "POST");
            Assert.Equal((int)HttpStatusCode.Forbidden, answer.Status);
            await Page.WaitForURLAsync(Emulator.Url + "**");
        }

        await NothingHappenedAsync(keys);
    }

    [Theory]
    [InlineData("cors")]
    [InlineData("no-cors")]
    public async Task Can_neither_read_nor_change_anything_with_a_script(string mode)
    {
        var keys = (await GetAsync("/v2/keys")).Text;
        await CallAsync("POST", "/v2/queues", """{"queueName":"q"}""");
        await VisitAsync("<p>Evil</p>");
        foreach (var call in new[] { "GET v2/keys", "POST v2/keys/rotate", "POST v2/publish/" + Sink.Url + "/a", "GET dashboard/settings", "POST emulator/reset" })
        {
            var (method, path) = (call[..call.IndexOf(' ')], call[(call.IndexOf(' ') + 1)..]);
            var read = await Page.EvaluateAsync<string>(
                "([url, method, mode]) => fetch(url, { method, mode, headers: { 'Content-Type': 'text/plain' } }).then(answer => answer.text(), () => '')",
                new[] { $"{Emulator.Url}{path}?qstash_token={Token}", method, mode });
            Assert.Equal("", read);
        }

        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/queues/q")).Status);
        await NothingHappenedAsync(keys);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v2/keys?qstash_token=")]
    [InlineData("dashboard/settings")]
    [InlineData("emulator/state")]
    public async Task Cannot_let_its_own_name_resolve_to_this_machine(string path)
    {
        var answer = await Page.GotoAsync($"http://rebound.example:{Emulator.Url.Port}/{path}" + (path.EndsWith('=') ? Token : ""));
        Assert.Equal((int)HttpStatusCode.Forbidden, answer!.Status);
        Assert.DoesNotContain("sig_", await answer.TextAsync(), StringComparison.Ordinal);
        Forgive("403");
    }

    [Fact]
    public async Task Can_lead_to_the_dashboard()
    {
        await VisitAsync($"<a href='{Emulator.Url}'>Dashboard</a>");
        await Page.GetByText("Dashboard").ClickAsync();
        await Heading.WaitForAsync();
    }

    async Task VisitAsync(string html)
    {
        Forgive("");
        await Page.RouteAsync(Site, route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = html }));
        await Page.GotoAsync(Site);
    }

    async Task NothingHappenedAsync(string keys)
    {
        await IdleAsync();
        Assert.Empty(Sink.All);
        Assert.Equal(keys, (await GetAsync("/v2/keys")).Text);
        Assert.Empty((await GetAsync("/v2/logs")).Json.GetProperty("logs").EnumerateArray());
    }
}
