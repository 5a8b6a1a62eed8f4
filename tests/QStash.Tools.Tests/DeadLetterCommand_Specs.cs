using QStash.Emulator.Tests.Support;
using QStash.Tools.Tests.Support;

namespace QStash.Tools.Tests;

public class Looking_after_dead_letters_on_the_command_line : EmulatorTest
{
    string Url => Emulator.Url.GetLeftPart(UriPartial.Authority);

    /// <summary>A dead letter for /qstash/orders and /qstash/billing, an hour apart, and one that nobody answered.</summary>
    async Task FailAsync()
    {
        Sink.Answer = async (request, context) =>
        {
            context.Response.StatusCode = request.Target == "/qstash/orders" ? 500 : 503;
            context.Response.Headers["X-Reason"] = "tired";
            await context.Response.Body.WriteAsync("out of\norder\u001b[2J"u8.ToArray(), Cancellation);
        };
        await PublishAsync("/qstash/orders", "{\"order\":7}", "Upstash-Retries: 0", "Upstash-Label: nightly", "Upstash-Forward-X-Tenant: blue", "Upstash-Forward-Authorization: Bearer theirs");
        await AdvanceAsync(3600);
        await PublishAsync("/qstash/billing", new byte[] { 0xff, 0 }, "Upstash-Retries: 0");
        await CallAsync("POST", "/v2/publish/http://127.0.0.1:1/qstash/gone", null, "Upstash-Retries: 0");
        await IdleAsync();
        Sink.AnswerWith(200);
    }

    [Fact]
    public async Task Lists_them_with_destination_status_and_time()
    {
        await FailAsync();
        var lines = (await RunAsync("dlq list")).Output.Trim().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Matches("^DEAD LETTER +STATUS +PUBLISHED +DESTINATION +MESSAGE +REASON$", lines[0]);
        var orders = Assert.Single(lines, line => line.Contains("/qstash/orders", StringComparison.Ordinal));
        Assert.Matches(@"^\d+-\d+ +500 +2026-01-01 00:00:00Z  http://127\.0\.0\.1:\d+/qstash/orders +msg_\w+ +out of$", orders);
        Assert.Contains("no answer", Assert.Single(lines, line => line.Contains("/qstash/gone", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--endpoint orders", "/qstash/orders")]
    [InlineData("--endpoint orders --endpoint gone", "/qstash/gone /qstash/orders")]
    [InlineData("--endpoint order", "")]
    [InlineData("--to {sink}/qstash/billing", "/qstash/billing")]
    [InlineData("--status 500", "/qstash/orders")]
    [InlineData("--status 0", "/qstash/gone")]
    [InlineData("--status 0 --status 500", "/qstash/gone /qstash/orders")]
    [InlineData("--message {id} --message msg_other --message {id}", "/qstash/orders")]
    [InlineData("--message msg_other --message msg_another", "")]
    [InlineData("--label nightly", "/qstash/orders")]
    [InlineData("--reason OUT", "/qstash/billing /qstash/orders")]
    [InlineData("--reason nothing --reason out", "/qstash/billing /qstash/orders")]
    [InlineData("--reason nothing", "")]
    [InlineData("--label nightly --status 503", "")]
    [InlineData("--since 2026-01-01T00:30Z", "/qstash/billing /qstash/gone")]
    [InlineData("--until 2026-01-01T00:30Z", "/qstash/orders")]
    [InlineData("--since 90m", "")]
    [InlineData("--group none", "")]
    [InlineData("--queue none", "")]
    [InlineData("--message {id}", "/qstash/orders")]
    public async Task Chooses(string options, string expected)
    {
        await FailAsync();
        var id = (await GetAsync("/v2/dlq?label=nightly")).Json.GetProperty("messages")[0].GetProperty("messageId").GetString()!;
        var (code, output, _) = await RunAsync("dlq list " + Fill(options, id));
        Assert.Equal(0, code);
        Assert.Equal(expected, Paths(output));
    }

    [Fact]
    public async Task Says_when_there_are_more()
    {
        await FailAsync();
        var (_, output, errors) = await RunAsync("dlq list --count 2");
        Assert.Equal(3, output.Trim().Split('\n').Length);
        Assert.Contains("more than 2", errors, StringComparison.Ordinal);
        Assert.Equal("", (await RunAsync("dlq list --count 3")).Errors.Trim());
    }

    [Fact]
    public async Task Shows_the_message_and_the_last_answer()
    {
        await FailAsync();
        var (code, output, _) = await RunAsync("dlq show " + await IdAsync("orders"));
        Assert.Equal(0, code);
        foreach (var expected in new[] { "POST " + Sink.Url + "/qstash/orders", "nightly", "X-Tenant: blue", "{\"order\":7}", "500", "X-Reason: tired", "  out of\n  order" })
            Assert.Contains(expected, output, StringComparison.Ordinal);

        Assert.DoesNotContain("Bearer theirs", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
        Assert.Contains("2 bytes, as Base64: /wA=", (await RunAsync("dlq show " + await IdAsync("billing"))).Output, StringComparison.Ordinal);
    }

    [Fact] // 130
    public async Task Retries_one()
    {
        await FailAsync();
        var (code, output, _) = await RunAsync("dlq retry " + await IdAsync("orders"));
        Assert.Equal(0, code);
        await IdleAsync();
        Assert.Contains("now " + Sink.All[^1].Header("Upstash-Message-Id"), output, StringComparison.Ordinal);
        Assert.Equal("/qstash/billing /qstash/gone", await LeftAsync());
    }

    [Theory]
    [InlineData("retry --endpoint orders --endpoint billing", "/qstash/gone")]
    [InlineData("delete --status 503", "/qstash/gone /qstash/orders")]
    [InlineData("delete --endpoint none", "/qstash/billing /qstash/gone /qstash/orders")]
    [InlineData("delete --all", "")]
    public async Task Takes_those_that_were_chosen(string command, string left)
    {
        await FailAsync();
        Assert.Equal(0, (await RunAsync("dlq " + command)).Code);
        Assert.Equal(left, await LeftAsync());
    }

    [Theory]
    [InlineData("retry")]
    [InlineData("delete")]
    [InlineData("delete --all --status 500")]
    [InlineData("delete 1-0 --label nightly")]
    [InlineData("delete --label")]
    [InlineData("delete --label=")]
    [InlineData("delete --to=")]
    [InlineData("delete ..")]
    [InlineData("retry --status x")]
    [InlineData("retry --since yesterday")]
    [InlineData("list --count 0")]
    [InlineData("purge")]
    public async Task Does_nothing_unless_it_is_clear_what(string command)
    {
        await FailAsync();
        var (code, output, errors) = await RunAsync("dlq " + command);
        Assert.Equal((2, ""), (code, output.Trim()));
        Assert.NotEqual("", errors.Trim());
        Assert.Equal("/qstash/billing /qstash/gone /qstash/orders", await LeftAsync());
    }

    [Fact]
    public async Task Goes_on_after_one_that_is_gone()
    {
        await FailAsync();
        var (code, output, errors) = await RunAsync($"dlq delete 1-0 {await IdAsync("orders")}");
        Assert.Equal(1, code);
        Assert.Contains("There is no dead letter 1-0.", errors, StringComparison.Ordinal);
        Assert.Contains("deleted", output, StringComparison.Ordinal);
        Assert.Equal("/qstash/billing /qstash/gone", await LeftAsync());
        Assert.Equal(1, (await RunAsync("dlq show 1-0")).Code);
    }

    [Fact]
    public async Task Never_prints_the_token()
    {
        foreach (var (arguments, code) in new[]
        {
            (new[] { "dlq", "list", "--url", "http://127.0.0.1:1", "--token", "s3cret" }, 1),
            (["dlq", "list", "--url", Url, "--token", "s3cret"], 1),
            (["dlq", "list", "--url", Url, "--token", "s3c ret"], 2),
            (["dlq", "list", "--url", Url], 2),
        })
        {
            await using var program = RunningProgram.StartTool(arguments);
            Assert.Equal(code, await program.ExitAsync());
            Assert.NotEmpty(program.Errors.Trim());
            Assert.DoesNotContain("s3c", program.Output + program.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("'{0}'", "quotes")]
    [InlineData("QSTASH_TOKEN={0}", "variable")]
    [InlineData("Bearer {0}", "Bearer")]
    [InlineData("sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r", "signing key")]
    public async Task Refuses_a_token_that_was_pasted_wrongly(string wrapping, string problem)
    {
        var token = wrapping.Replace("{0}", Emulator.DefaultUser.Token, StringComparison.Ordinal);
        await using var program = RunningProgram.StartTool("dlq", "list", "--url", Url, "--token", token);

        Assert.Equal(2, await program.ExitAsync());

        Assert.Contains("QSTASH_TOKEN", program.Errors, StringComparison.Ordinal);
        Assert.Contains(problem, program.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Emulator.DefaultUser.Token, program.Output + program.Errors, StringComparison.Ordinal);
    }

    async Task<(int Code, string Output, string Errors)> RunAsync(string command)
    {
        await using var program = RunningProgram.StartTool([.. command.Split(' '), "--url", Url, "--token", Emulator.DefaultUser.Token]);
        var code = await program.ExitAsync();
        Assert.DoesNotContain(Emulator.DefaultUser.Token, program.Output + program.Errors, StringComparison.Ordinal);
        return (code, program.Output, program.Errors);
    }

    async Task<string> IdAsync(string endpoint) => (await RunAsync("dlq list --endpoint " + endpoint)).Output.Trim().Split('\n')[1].Split(' ')[0];

    async Task<string> LeftAsync()
    {
        var letters = (await GetAsync("/v2/dlq")).Json.GetProperty("messages").EnumerateArray();
        return Paths(string.Join('\n', letters.Select(letter => letter.GetProperty("url").GetString())));
    }

    static string Paths(string text) => string.Join(' ', text.Split(' ', '\n').Where(word => word.StartsWith("http", StringComparison.Ordinal)).Select(url => new Uri(url).AbsolutePath).Order(StringComparer.Ordinal));
}
