using System.Net;
using QStash.Emulator.Dashboard.Tests.Support;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Dashboard.Tests;

public class A_dashboard_that_is_not_asked_for : EmulatorTest
{
    [Theory]
    [InlineData("/")]
    [InlineData("/dashboard/settings")]
    [InlineData("/dashboard/page/app.js")]
    public async Task Is_not_there(string path) => Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(path)).Status);
}

public class A_dashboard_that_is_asked_for(Chromium chromium) : DashboardTest(chromium)
{
    [Fact]
    public async Task Loads_nothing_from_elsewhere_and_runs_nothing_inline()
    {
        var requests = new List<string>();
        Page.Request += (_, request) => requests.Add(new Uri(request.Url).GetLeftPart(UriPartial.Authority));
        var answer = await Page.GotoAsync(Emulator.Url.ToString());
        await Heading.WaitForAsync();
        Assert.Equal([Emulator.Url.GetLeftPart(UriPartial.Authority)], requests.Distinct());
        var policy = answer!.Headers["content-security-policy"];
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Does_not_keep_the_emulator_from_stopping()
    {
        await OpenAsync();
        await Emulator.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await Page.GetByText("Not connected").WaitForAsync();
        Forgive("net::ERR_");
    }

    [Fact]
    public async Task Does_not_show_signing_keys()
    {
        await OpenAsync();
        Assert.DoesNotContain("sig_", (await GetAsync("/dashboard/settings")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("sig_", await Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dashboard/users/nobody/messages", HttpStatusCode.NotFound, "nobody")]
    [InlineData("/dashboard/users/defaultUser/messages?state=odd", HttpStatusCode.BadRequest, "state")]
    [InlineData("/dashboard/users/defaultUser/messages?count=0", HttpStatusCode.BadRequest, "count")]
    [InlineData("/dashboard/users/defaultUser/messages?stat=x", HttpStatusCode.BadRequest, "stat")]
    public async Task Names_what_is_wrong_with_a_request(string path, HttpStatusCode status, string expected)
    {
        var answer = await GetAsync(path);
        Assert.Equal(status, answer.Status);
        Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
    }
}
