using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using QStash.Emulator.Dashboard.Tests.Support;

namespace QStash.Emulator.Dashboard.Tests;

/// <summary>
/// A conversation as MassTransit has it: an order is submitted and published to two endpoints, one of which sends a charge that fails, and
/// publishes the fault.
/// </summary>
public abstract class Conversation(Chromium chromium) : DashboardTest(chromium)
{
    protected const string ConversationId = "08db0000-aaaa-bbbb-cccc-000000000001";
    protected const string OrderId = "08db0000-aaaa-bbbb-cccc-000000000002";
    protected const string ChargeId = "08db0000-aaaa-bbbb-cccc-000000000003";

    protected string Order { get; private set; } = "";

    protected string Charge { get; private set; } = "";

    protected async Task TalkAsync()
    {
        Sink.Answer = async (request, context) =>
        {
            if (request.Target != "/qstash/charge-card")
                return;

            context.Response.StatusCode = 489;
            context.Response.Headers["Upstash-NonRetryable-Error"] = "true";
            await context.Response.WriteAsync(
                """{"reason":"fault","exceptionType":"Shop.CardException","message":"the card has expired","consumerType":"Shop.ChargeConsumer"}""", Cancellation);
        };
        await CallAsync("POST", "/v2/topics/order-submitted/endpoints", new
        {
            endpoints = new[] { new { name = "a", url = Sink.Url + "/qstash/orders" },
                new { name = "b", url = Sink.Url + "/qstash/mail" } },
        });
        await PublishAsync("/unrelated",
            Envelope("Shop:Other", "08db0000-aaaa-bbbb-cccc-0000000000ff", "https://x.example/bus",
            conversation: "08db0000-aaaa-bbbb-cccc-0000000000fe"));
        var order = await CallAsync("POST", "/v2/publish/order-submitted",
            Envelope("Shop.Contracts:OrderSubmitted", OrderId, "https://web.example/bus"));
        Order = order.Json[0].GetProperty("messageId").GetString()!;
        await IdleAsync();
        Charge = await PublishAsync("/qstash/charge-card",
            Envelope("Shop.Contracts:ChargeCard", ChargeId, Sink.Url + "/qstash/orders?temporary=true"));
        await IdleAsync();
        await PublishAsync("/qstash/faults", Envelope(
            "MassTransit:Fault[[Shop.Contracts:ChargeCard]]", "08db0000-aaaa-bbbb-cccc-000000000004", Sink.Url + "/qstash/charge-card", $$"""{"faultId":"x","faultedMessageId":"{{ChargeId}}" }"""));
        await IdleAsync();
    }

    protected static string Envelope(string type, string id, string source, string message = """{"text":"Käse & <b>"}""", string conversation = ConversationId) =>
        $$$"""{"messageId":"{{{id}}}","conversationId":"{{{conversation}}}","sourceAddress":"{{{source}}}","destinationAddress":"topic:x","messageType":["urn:message:{{{type}}}","urn:message:Shop:IBase"],"message":{{{message}}},"headers":{} }}""";
}

public class A_message_of_MassTransit(Chromium chromium) : Conversation(chromium)
{
    [Theory]
    [InlineData("ORDERSUBMITTED", 2)]
    [InlineData(OrderId, 2)]
    [InlineData("08DB0000-AAAA-BBBB-CCCC-000000000001", 4)]
    [InlineData("Käse", 4)]
    [InlineData("nothing of it", 0)]
    public async Task Is_found_by_type_ids_and_body(string text, int count)
    {
        await TalkAsync();
        await OpenAsync("messages?search=" + Uri.EscapeDataString(text));
        await (count == 0 ? Page.GetByText("No message matches.") : Page.Locator($"tbody tr:nth-child({count})")).WaitForAsync();
        Assert.Equal(count, await Page.Locator("tbody tr").CountAsync());
    }

    [Fact]
    public async Task Shows_its_type_and_that_of_a_fault()
    {
        await TalkAsync();
        await OpenAsync();
        await Row("/qstash/orders").GetByText("OrderSubmitted", new() { Exact = true }).WaitForAsync();
        await Row("/qstash/faults").GetByText("Fault of ChargeCard", new() { Exact = true }).WaitForAsync();
    }

    [Fact]
    public async Task Is_not_found_by_what_is_redacted()
    {
        await PublishAsync("/secret", Envelope("Shop:Secret", OrderId, "https://web.example/bus"), "Upstash-Redact-Fields: body");
        await IdleAsync();
        await OpenAsync("messages?search=Secret");
        await Row("/secret").WaitForAsync();
        await OpenAsync("messages?search=" + OrderId);
        await Page.GetByText("No message matches.").WaitForAsync();
    }

    [Fact]
    public async Task Has_its_facts_in_a_header_when_the_body_is_raw()
    {
        await PublishAsync("/raw", "{}", $$"""Upstash-Forward-MassTransit-Headers: {"MessageId":"{{OrderId}}","ConversationId":"{{ConversationId}}","MT-MessageType":"urn:message:Shop:Raw;urn:message:Shop:IRaw"}""");
        await IdleAsync();
        await OpenAsync();
        await Row("/raw").GetByText("Raw", new() { Exact = true }).WaitForAsync();
    }

    [Fact]
    public async Task Is_retried_from_its_details_with_a_link_to_the_new_one()
    {
        await TalkAsync();
        await OpenAsync("messages/" + Charge);
        Sink.AnswerWith(200);
        await Button("Retry").ClickAsync();
        await Page.GetByRole(AriaRole.Status).GetByText("Sent again as msg_").WaitForAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Show it" }).ClickAsync();
        await Page.GetByText("Attempt 1").WaitForAsync();
        await Page.Locator(".toolbar").GetByText("delivered").WaitForAsync();
        await Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "the same message" }).WaitForAsync();
        Assert.Equal(2, Sink.At("/qstash/charge-card").Count);
    }

    [Fact]
    public async Task Is_edited_and_replayed()
    {
        await TalkAsync();
        await OpenAsync("messages/" + Charge);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Edit and replay" }).ClickAsync();
        var body = Page.GetByLabel("Body");
        var text = await body.InputValueAsync();
        await body.FillAsync(text.Replace("Käse", "Brot", StringComparison.Ordinal));
        await Page.GetByLabel("To", new() { Exact = true }).FillAsync(Sink.Url + "/replayed");
        await Button("Send").ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { NameRegex = new("Show msg_") }).ClickAsync();
        await Page.GetByText("Brot").First.WaitForAsync();
        await IdleAsync();
        Assert.Contains("Brot", Assert.Single(Sink.At("/replayed")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_sent_for_a_test_with_an_envelope_around_it()
    {
        await OpenAsync("send");
        await Page.GetByLabel("To", new() { Exact = true }).FillAsync(Sink.Url + "/test");
        await Page.GetByLabel("MassTransit type").FillAsync("Shop.Contracts:OrderSubmitted");
        await Page.GetByLabel("Headers").FillAsync("X-Tenant: grün");
        await Page.GetByLabel("Body").FillAsync("""{"orderId":7}""");
        await Button("Send").ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { NameRegex = new("Show msg_") }).WaitForAsync();
        await IdleAsync();
        var received = Assert.Single(Sink.At("/test"));
        Assert.Equal(("application/vnd.masstransit+json", "grün"), (received.Header("Content-Type"), received.Header("X-Tenant")));
        var envelope = System.Text.Json.JsonDocument.Parse(received.Text).RootElement;
        Assert.Equal("urn:message:Shop.Contracts:OrderSubmitted", envelope.GetProperty("messageType")[0].GetString());
        Assert.Equal(7, envelope.GetProperty("message").GetProperty("orderId").GetInt32());
    }

    [Fact]
    public async Task Is_copied_as_a_command_that_sends_the_same_and_runs_nothing_else()
    {
        const string hostile = "it's $(touch /tmp/owned) `x` \"y\" \\ \u001b[31m @file";
        await PublishAsync("/a?x=$(id)'%22", hostile, "Upstash-Forward-X-Odd: it's $(id)", "Upstash-Retries: 1", "Upstash-Label: l1,l2");
        await IdleAsync();
        await OpenAsync();
        await Page.Locator("tbody a").First.ClickAsync();
        await Button("Copy as curl").ClickAsync();
        var command = await Page.GetByLabel("Command").InnerTextAsync();
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["QSTASH_URL"] = Emulator.Url.GetLeftPart(UriPartial.Authority),
                ["QSTASH_TOKEN"] = Emulator.DefaultUser.Token },
        })!;
        await shell.WaitForExitAsync(Cancellation);
        await IdleAsync();
        Assert.Equal(2, Sink.All.Count);
        Assert.Equal((Sink.All[0].Target, Sink.All[0].Text, Sink.All[0].Header("X-Odd")),
            (Sink.All[1].Target, Sink.All[1].Text, Sink.All[1].Header("X-Odd")));
        Assert.False(File.Exists("/tmp/owned"));
    }

    [Fact]
    public async Task Leads_from_queue_key_and_group_to_itself_and_to_what_blocks()
    {
        var (arrived, answers) = Sink.Hold();
        var first = (await EnqueueAsync("orders", "/first", null, "Upstash-Flow-Control-Key: slow",
            "Upstash-Flow-Control-Value: parallelism=1")).Id;
        await EnqueueAsync("orders", "/second");
        await arrived.WaitAsync(Cancellation);
        foreach (var (view, name) in new[] { ("queues", "orders"), ("flow", "slow") })
        {
            await OpenAsync(view);
            await Row(name).GetByText("attempt 1 is open").WaitForAsync();
            await Row(name).GetByRole(AriaRole.Link, new() { Name = "Messages of " + name }).ClickAsync();
            await Row("/first").WaitForAsync();
            await Page.GoBackAsync();
            await Row(name).GetByRole(AriaRole.Link, new() { Name = first }).ClickAsync();
            await Page.GetByText("Attempt 1").WaitForAsync();
        }

        answers.Release(10);
        await IdleAsync();
    }
}

public class The_three_questions(Chromium chromium) : Conversation(chromium)
{
    protected override BrowserNewContextOptions Browser => new() { ViewportSize = new() { Width = 390, Height = 800 } };

    ILocator Failure => Page.GetByLabel("Why it failed");

    ILocator Relation(string text) => Page.GetByRole(AriaRole.Row).Filter(new() { HasText = text });

    [Fact]
    public async Task Are_answered_with_one_click_and_with_two()
    {
        await TalkAsync();
        await OpenAsync();
        // Where is my message? In the list, and where it goes.
        await Row("/qstash/charge-card").GetByText("failed").WaitForAsync();
        // Why did it fail?
        await Row("/qstash/charge-card").GetByRole(AriaRole.Link).ClickAsync();
        await Failure.GetByText("fault: Shop.CardException: the card has expired (in Shop.ChargeConsumer)").WaitForAsync();
        // What caused it, and what followed?
        await Relation("caused this one").GetByText("OrderSubmitted").WaitForAsync();
        await Relation("followed from this one").GetByText("Fault of ChargeCard").WaitForAsync();
        await Relation("same conversation").GetByText("/qstash/mail").WaitForAsync();
        Assert.Equal(390, await Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await Relation("caused this one").GetByRole(AriaRole.Link).ClickAsync();
        await Relation("followed from this one").GetByText("ChargeCard").WaitForAsync();
        await Relation("the same message").GetByText("/qstash/mail").WaitForAsync();
    }

    [Fact]
    public async Task Are_answered_by_keyboard()
    {
        await TalkAsync();
        await OpenAsync();
        await TabToAsync(Row("/qstash/charge-card").GetByRole(AriaRole.Link));
        await Page.Keyboard.PressAsync("Enter");
        await Failure.GetByText("the card has expired").WaitForAsync();
        await FocusOnAsync("h1");
        await TabToAsync(Relation("caused this one").GetByRole(AriaRole.Link));
        await Page.Keyboard.PressAsync("Enter");
        await Page.GetByText(Order).First.WaitForAsync();
        await Relation("followed from this one").GetByText("ChargeCard").WaitForAsync();
    }
}
