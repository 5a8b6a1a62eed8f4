using Microsoft.Playwright;
using QStash.Emulator.Dashboard.Tests.Support;

namespace QStash.Emulator.Dashboard.Tests;

public class A_list_that_changes_while_somebody_looks(Chromium chromium) : DashboardTest(chromium)
{
    [Theory]
    [InlineData("dlq")]
    [InlineData("messages")]
    public async Task Keeps_the_rows_under_the_pointer_and_counts_what_is_new(string view)
    {
        await FailAsync("/first");
        await OpenAsync(view);
        var link = Row("/first").GetByRole(AriaRole.Link);
        await link.HoverAsync();
        var before = await link.BoundingBoxAsync();
        await FailAsync("/second");
        await FailAsync("/third");
        await Button("2 new: show").WaitForAsync();
        Assert.Equal(1, await Page.Locator("tbody tr").CountAsync());
        Assert.Equal(before!.Y, (await link.BoundingBoxAsync())!.Y);

        await Button("2 new: show").ClickAsync();
        await Row("/third").WaitForAsync();
        Assert.Equal(3, await Page.Locator("tbody tr").CountAsync());
    }

    [Fact]
    public async Task Goes_on_when_the_pointer_leaves()
    {
        await FailAsync("/first");
        await OpenAsync("dlq");
        await Row("/first").HoverAsync();
        await FailAsync("/second");
        await Button("1 new: show").WaitForAsync();
        await Heading.HoverAsync();
        await Row("/second").WaitForAsync();
        Assert.Equal(0, await Button("1 new: show").CountAsync());
    }

    [Fact]
    public async Task Keeps_the_rows_around_the_focus()
    {
        await FailAsync("/first");
        await OpenAsync("dlq");
        await TabToAsync(Row("/first").GetByRole(AriaRole.Link));
        await FailAsync("/second");
        await Button("1 new: show").WaitForAsync();
        Assert.Equal(1, await Page.Locator("tbody tr").CountAsync());
        await Page.Keyboard.PressAsync("Shift+Tab");
        Assert.Equal("1 new: show", await FocusedAsync());
        await Page.Keyboard.PressAsync("Enter");
        await Row("/second").WaitForAsync();
    }

    [Fact]
    public async Task Shows_at_once_what_its_own_buttons_did_and_keeps_the_rest()
    {
        await FailAsync("/first");
        await FailAsync("/second");
        await OpenAsync("dlq");
        await Row("/second").GetByRole(AriaRole.Button, new() { NameRegex = new("Delete") }).ClickAsync();
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Row("/second").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Row("/first").HoverAsync();
        await FailAsync("/third");
        await Button("1 new: show").WaitForAsync();
        Assert.Equal(1, await Page.Locator("tbody tr").CountAsync());
    }

    [Fact]
    public async Task Sends_nothing_again_without_asking()
    {
        await FailAsync("/first");
        await OpenAsync("dlq");
        foreach (var button in new[] { Row("/first").GetByRole(AriaRole.Button, new() { NameRegex = new("Retry") }),
            Button("Retry 1 dead letter") })
        {
            await button.ClickAsync();
            await Page.GetByRole(AriaRole.Dialog).GetByText("again").First.WaitForAsync();
            await Button("Not now").ClickAsync();
            await Page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        }

        await IdleAsync();
        Assert.Single(Sink.All);
    }

    async Task FailAsync(string path)
    {
        Sink.AnswerWith(500);
        await PublishAsync(path, null, "Upstash-Retries: 0");
        await IdleAsync();
    }
}

public class A_list_on_a_screen_that_is_touched(Chromium chromium) : DashboardTest(chromium)
{
    protected override BrowserNewContextOptions Browser =>
        new() { ViewportSize = new() { Width = 390, Height = 800 }, HasTouch = true, IsMobile = true };

    [Fact]
    public async Task Moves_no_row_until_it_is_asked_to()
    {
        await PublishAsync("/first");
        await OpenAsync();
        await Row("/first").WaitForAsync();
        await PublishAsync("/second");
        await Button("1 new: show").TapAsync();
        await Row("/second").WaitForAsync();
    }
}

public class A_long_list(Chromium chromium) : DashboardTest(chromium)
{
    [Fact]
    public async Task Is_paged_to_its_very_end()
    {
        await PublishManyAsync(2120, "/{0}", "Upstash-Delay", "1h");
        await OpenAsync();
        await Row("/2119").WaitForAsync();
        for (var page = 0; page < 40 && await Button("Show older").CountAsync() > 0; page++)
        {
            var last = await Page.Locator("tbody a").Last.InnerTextAsync();
            await Button("Show older").ClickAsync();
            await Row(last).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        }

        await Page.GetByText($"{Sink.Url}/0", new() { Exact = true }).WaitForAsync();
        Assert.Equal(20, await Page.Locator("tbody tr").CountAsync());
        await Page.GetByRole(AriaRole.Link, new() { Name = "Show the newest" }).ClickAsync();
        await Page.GetByText($"{Sink.Url}/2119", new() { Exact = true }).WaitForAsync();
    }

    [Fact]
    public async Task Of_dead_letters_has_pages_filters_and_no_bodies()
    {
        var answer = new string('x', 60_000);
        Sink.Answer = async (request, context) =>
        {
            context.Response.StatusCode = request.Target.EndsWith('7') ? 489 : 500;
            await context.Response.BodyWriter.WriteAsync(System.Text.Encoding.UTF8.GetBytes(
                request.Target.EndsWith('7') ? """{"reason":"fault","exceptionType":"System.TimeoutException","message":"the bank is closed"}""" : answer));
        };
        await PublishManyAsync(120, "/orders/{0}", "Upstash-Retries", "0");
        await IdleAsync();
        Assert.InRange((await GetAsync("/dashboard/users/defaultUser/dlq")).Text.Length, 1000, 60_000);

        await OpenAsync("dlq");
        await Button("Retry 120 dead letters").WaitForAsync();
        Assert.Equal(50, await Page.Locator("tbody tr").CountAsync());
        await Button("Show older").ClickAsync();
        await Page.WaitForURLAsync("**before=*");
        await Button("Show older").ClickAsync();
        await Page.Locator("tbody tr:nth-child(20)").WaitForAsync();
        await Page.Locator("tbody tr:nth-child(21)").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await Page.GetByLabel("Reason").FillAsync("BANK");
        await Button("Retry 12 dead letters").WaitForAsync();
        await Page.GetByLabel("Endpoint").FillAsync("17");
        await Button("Retry 1 dead letter").WaitForAsync();
        await Row("/orders/17").GetByText("fault: System.TimeoutException: the bank is closed").WaitForAsync();
        await Page.ReloadAsync();
        await Button("Retry 1 dead letter").WaitForAsync();
        await Button("Retry 1 dead letter").ClickAsync();
        await Button("Send again").ClickAsync();
        await Page.GetByRole(AriaRole.Status).GetByText("Sent 1 message again.").WaitForAsync();
    }

    [Fact]
    public async Task Of_dead_letters_says_which_time_it_cannot_read()
    {
        await OpenAsync("dlq?since=yesterday");
        await Page.GetByText("Since takes a time such as").WaitForAsync();
        await Page.GetByLabel("Since").FillAsync("6h");
        await Page.GetByText("No dead letter matches.").WaitForAsync();
    }

    async Task PublishManyAsync(int count, string path, string header, string value)
    {
        foreach (var numbers in Enumerable.Range(0, count).Chunk(500))
        {
            await CallAsync("POST", "/v2/batch", numbers.Select(number => new
            {
                destination = Sink.Url + string.Format(System.Globalization.CultureInfo.InvariantCulture, path, number),
                headers = new Dictionary<string, string> { [header] = value },
            }).ToArray());
        }
    }
}

public class The_address_of_a_list(Chromium chromium) : DashboardTest(chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keeps_search_state_and_place(bool byBack)
    {
        for (var i = 0; i < 60; i++)
            await PublishAsync($"/needle/{i}", null, "Upstash-Delay: 1h");

        await PublishAsync("/other", null, "Upstash-Delay: 1h");
        await OpenAsync();
        await Page.GetByLabel("Search").FillAsync("needle");
        await Page.GetByLabel("State").SelectOptionAsync("created");
        await Row("/other").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        var link = Page.Locator("tbody tr:nth-child(50)").GetByRole(AriaRole.Link);
        await link.ScrollIntoViewIfNeededAsync();
        var target = await link.GetAttributeAsync("href");
        var place = await Page.EvaluateAsync<int>("scrollY");
        Assert.InRange(place, 100, 100_000);
        await link.ClickAsync();
        await Button("Cancel message").WaitForAsync();
        if (byBack)
            await Page.GoBackAsync();
        else
            await Page.GetByRole(AriaRole.Link, new() { Name = "All messages" }).ClickAsync();

        await Page.Locator("tbody tr:nth-child(60)").WaitForAsync();
        Assert.Equal("needle", await Page.GetByLabel("Search").InputValueAsync());
        Assert.Equal("CREATED", await Page.GetByLabel("State").InputValueAsync());
        await FocusOnAsync($"a[href='{target}']");
        Assert.InRange(await Page.EvaluateAsync<int>("scrollY"), place - 60, place + 60);
        Assert.Equal(0, await Row("/other").CountAsync());
    }

    [Theory]
    [InlineData("#/messages/%E0%A4%A", "no message with this id")]
    [InlineData("#/messages/%E0%A4%A?search=%E0", "no message with this id")]
    [InlineData("#/dlq?since=%E0%A4%A", "Since takes a time")]
    [InlineData("#/%E0%A4%A/%E0%A4%A", "No messages yet.")]
    [InlineData("#/messages?before=x&state=odd&flow=%", "invalid")]
    [InlineData("#/send?from=%E0%A4%A", "has no message")]
    public async Task Is_no_blank_page_however_it_is_escaped(string address, string expected)
    {
        Forgive("status of 400");
        await Page.GotoAsync(Emulator.Url + address);
        await Page.GetByText(expected).First.WaitForAsync();
        await Heading.WaitForAsync();
    }

    [Fact]
    public async Task Is_no_blank_page_when_the_page_has_a_mistake()
    {
        await Page.RouteAsync("**/v2/topics", route => route.FulfillAsync(new() { ContentType = "application/json", Body = """[{"name":"x"}]""" }));
        await Page.GotoAsync(Emulator.Url + "#/groups");
        await Page.GetByText("This cannot be shown").WaitForAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Queues" }).ClickAsync();
        await Page.GetByText("No queues.").WaitForAsync();
    }
}
