using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using QStash.Emulator.Dashboard.Tests.Support;

namespace QStash.Emulator.Dashboard.Tests;

public class Watching_messages(Chromium chromium) : DashboardTest(chromium)
{
    [Fact]
    public async Task Shows_a_new_message_without_a_reload()
    {
        await OpenAsync();
        await Page.GetByText("No messages yet.").WaitForAsync();
        await PublishAsync("/orders");
        await Row("/orders").GetByText("delivered").WaitForAsync();
    }

    [Fact]
    public async Task Says_how_to_publish_when_there_is_none()
    {
        await OpenAsync();
        var command = await Page.GetByLabel("Command").InnerTextAsync();
        Assert.Contains($"export QSTASH_URL=\"{Emulator.Url.GetLeftPart(UriPartial.Authority)}\"", command, StringComparison.Ordinal);
        Assert.Contains(Emulator.DefaultUser.Token, command, StringComparison.Ordinal);
        Assert.Contains("curl -X POST \"$QSTASH_URL/v2/publish/", command, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_the_failing_attempt_and_the_next_one()
    {
        Sink.Answer = async (request, context) =>
        {
            if (request.Header("Upstash-Retried") != "0")
                return;

            context.Response.StatusCode = 500;
            context.Response.Headers["X-Reason"] = "tired";
            await context.Response.Body.WriteAsync("out of order"u8.ToArray());
        };
        await PublishAsync("/flaky", "the body", "Upstash-Forward-X-Tenant: blue");
        await IdleAsync();
        await OpenAsync();
        await Row("/flaky").GetByText("in 12 s").WaitForAsync();
        await Row("/flaky").GetByRole(AriaRole.Link).ClickAsync();

        await Page.GetByText("the body").WaitForAsync();
        await Page.GetByText("X-Tenant: blue").WaitForAsync();
        var first = Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Attempt 1" });
        await first.GetByText("X-Reason: tired").WaitForAsync();
        await first.GetByText("out of order").WaitForAsync();
        await first.GetByText("(in 12 s)").WaitForAsync();
        await first.GetByText("500", new() { Exact = true }).WaitForAsync();

        await AdvanceAsync(13);
        await Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Attempt 2" }).GetByText("delivered").WaitForAsync();
        Assert.Equal(0, await Page.GetByText("(in ").CountAsync());
    }

    [Fact]
    public async Task Shows_what_a_successful_attempt_was_answered()
    {
        Sink.Answer = (_, context) =>
        {
            context.Response.StatusCode = 202;
            context.Response.Headers["X-Order"] = "7";
            return context.Response.WriteAsync("grüße", Cancellation);
        };
        var id = await PublishAsync("/a");
        await IdleAsync();
        await OpenAsync("messages/" + id);
        var attempt = Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Attempt 1" });
        await attempt.GetByText("202", new() { Exact = true }).WaitForAsync();
        await attempt.GetByText("X-Order: 7").WaitForAsync();
        await attempt.GetByText("grüße").WaitForAsync();
        Assert.DoesNotContain("responseStatus", (await GetAsync("/v2/logs?messageId=" + id)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Indents_json_and_shows_it_as_it_was_sent()
    {
        const string sent = """{"id":12345678901234567890,"text":"a, {b}: \"c\"","none":[],"list":[1,{"x":null}]}""";
        var id = await PublishAsync("/a", sent);
        await IdleAsync();
        await OpenAsync("messages/" + id);
        var body = Page.GetByLabel("Body").First;
        Assert.Equal(
            """
            {
              "id": 12345678901234567890,
              "text": "a, {b}: \"c\"",
              "none": [],
              "list": [
                1,
                {
                  "x": null
                }
              ]
            }
            """,
            await body.InnerTextAsync());
        await Button("As sent").ClickAsync();
        await Page.GetByText(sent, new() { Exact = true }).WaitForAsync();
    }

    [Fact]
    public async Task Says_what_a_message_waits_for()
    {
        foreach (var path in new[] { "/first", "/second" })
            await PublishAsync(path, null, "Upstash-Flow-Control-Key: slow", "Upstash-Flow-Control-Value: rate=1,period=1h");
        await IdleAsync();
        await OpenAsync();
        await Row("/first").GetByText("delivered").WaitForAsync();
        await Row("/second").GetByText("waits for its turn").WaitForAsync();
        await Row("/second").GetByText("flow slow").WaitForAsync();
    }

    [Fact]
    public async Task Cancels_a_message_that_waits()
    {
        var id = await PublishAsync("/later", null, "Upstash-Delay: 2h");
        await OpenAsync("messages/" + id);
        await Page.GetByText("First attempt: in 2 h").WaitForAsync();
        await Button("Cancel message").ClickAsync();
        await Page.GetByText("Cancelled", new() { Exact = false }).Last.WaitForAsync();
        await AdvanceAsync(7200);
        Assert.Empty(Sink.All);
    }

    [Fact]
    public async Task Delivers_a_message_that_waits_now()
    {
        var id = await PublishAsync("/later", null, "Upstash-Delay: 2h");
        await OpenAsync("messages/" + id);
        await Button("Deliver now").ClickAsync();
        await Page.GetByText("Attempt 1").WaitForAsync();
        await IdleAsync();
        Assert.Single(Sink.All);
    }

    [Fact]
    public async Task Does_not_offer_to_deliver_now_what_stands_in_a_queue()
    {
        var id = (await CallAsync("POST", $"/v2/enqueue/q/{Sink.Url}/later", null, "Upstash-Delay: 2h")).Id;
        await OpenAsync("messages/" + id);
        await Button("Cancel message").WaitForAsync();
        Assert.Equal(0, await Button("Deliver now").CountAsync());
    }

    [Fact]
    public async Task Finds_messages_by_text_and_state()
    {
        await PublishAsync("/a", null, "Upstash-Label: nightly");
        await PublishAsync("/b", null, "Upstash-Delay: 1h");
        await IdleAsync();
        await OpenAsync();
        await Page.GetByLabel("Search").FillAsync("NIGHT");
        await Row("/b").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Row("/a").WaitForAsync();
        await Page.GetByLabel("Search").FillAsync("");
        await Page.GetByLabel("State").SelectOptionAsync("created");
        await Row("/a").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Row("/b").WaitForAsync();
    }

    [Fact]
    public async Task Keeps_markup_in_a_message_as_text()
    {
        const string markup = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
        Sink.Answer = async (_, context) =>
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync(markup);
        };
        var id = await PublishAsync(
            "/x?<b>bold", markup, "Upstash-Retries: 0", "Upstash-Label: " + markup, "Upstash-Forward-X-Html: " + markup);
        await IdleAsync();
        foreach (var view in new[] { "messages", "messages/" + id, "dlq" })
        {
            await OpenAsync(view);
            await Page.GetByText("<img src=x onerror=").First.WaitForAsync();
            Assert.Equal(0, await Page.Locator("main img, main script, main b").CountAsync());
            Assert.EndsWith("QStash emulator", await Page.TitleAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Keeps_accounts_apart()
    {
        await PublishAsync("/mine");
        await CallAsync("POST", "/v2/publish/" + Sink.Url + "/theirs", null, "Authorization: Bearer " + TestUser1);
        await OpenAsync();
        await Row("/mine").WaitForAsync();
        await Page.GetByLabel("Account").SelectOptionAsync("testUser1");
        await Row("/theirs").WaitForAsync();
        Assert.Equal(1, await Page.Locator("tbody tr").CountAsync());
    }
}
