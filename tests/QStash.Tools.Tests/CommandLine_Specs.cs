using System.Text.Json;
using QStash.Emulator.Tests.Support;
using QStash.Tools.Tests.Support;

namespace QStash.Tools.Tests;

public class The_command_line : EmulatorTest
{
    string Url => Emulator.Url.GetLeftPart(UriPartial.Authority);

    [Fact]
    public async Task Publishes_with_everything_a_publish_can_have()
    {
        var (code, output, _) = await RunAsync(
            "publish", Sink.Url + "/a", "--body", """{"n":1}""", "--header", "X-Tenant: blue", "--method", "PUT", "--delay", "1h30m", "--retries", "1", "--label", "l1", "--label", "l2",
            "--timeout", "30s", "--flow-key", "k", "--rate", "5", "--period", "1m", "--deduplication-id", "d");
        Assert.Equal(0, code);
        var id = output.Trim().Split('\n')[1].Split(' ')[0];
        var details = (await RunAsync("messages", "get", id)).Output;
        foreach (var expected in new[] { "l1, l2", "PUT", "X-Tenant: blue", "{\"n\":1}", "2026-01-01 01:30:00Z", "application/json" })
            Assert.Contains(expected, details, StringComparison.Ordinal);

        Assert.Contains("yes", (await RunAsync("publish", Sink.Url + "/a", "--deduplication-id", "d")).Output, StringComparison.Ordinal);
        Assert.Equal("k", Json(await RunAsync("flow", "list", "--json"))[0].GetProperty("key").GetString());
        Assert.Equal(id, Json(await RunAsync("messages", "get", id, "--json")).GetProperty("message").GetString());
    }

    /// <remarks>Without an address of the repository the page is named by its path in it.</remarks>
    [Theory]
    [InlineData("QStash.Tool", "qstash.dll", "docs/command-line.md")]
    [InlineData("QStash.Emulator.Tool", "qstash-emulator.dll", "docs/emulator.md")]
    public async Task Leads_from_its_help_to_its_page(string project, string program, string page)
    {
        await using var help = RunningProgram.Start("dotnet", RunningProgram.FolderOf(project), program, "--help");

        Assert.Equal(0, await help.ExitAsync());
        Assert.Matches($@"See (https://\S+/)?{page}\.", help.Output);
        Assert.True(File.Exists(Path.Combine(Repository.Root, page)));
    }

    [Fact]
    public async Task Decodes_the_members_of_groups()
    {
        await CallAsync("POST", "/v2/topics/orders/endpoints", new
        {
            endpoints = new[]
            {
                new { name = "shop_3Aorders cache.Kq2_x91Z until 1767229200 program KOM2TvQ6 topics Zx3-a9Qk", url = Sink.Url + "/cache" },
                new { name = "billing", url = Sink.Url + "/billing" },
            },
        });
        var lines = (await RunAsync("groups", "show", "orders")).Output.Trim().Split('\n');
        Assert.Matches("^SERVICE +ENDPOINT +LEASE UNTIL +URL$", lines[0]);
        Assert.Matches("^shop:orders +cache.Kq2_x91Z +2026-01-01 01:00:00Z +http", lines[1]);
        Assert.Matches("^- +billing +- +http", lines[2]);
        Assert.Equal(0, (await RunAsync("groups", "remove", "orders", "billing", Sink.Url + "/cache")).Code);
        Assert.Equal((1, "There is no URL group orders."), Said(await RunAsync("groups", "show", "orders")));
        Assert.Equal("[]", (await RunAsync("groups", "list", "--json")).Output.Trim());
        Assert.Equal(0, (await RunAsync("groups", "add", "orders", Sink.Url + "/new", "--name", "n")).Code);
        Assert.Contains("orders", (await RunAsync("groups", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("groups", "delete", "orders")).Code);
    }

    [Fact]
    public async Task Looks_after_schedules_queues_and_flow_control()
    {
        Assert.Equal(0, (await RunAsync("schedules", "create", Sink.Url + "/s", "--cron", "0 4 * * *", "--id", "daily", "--body",
            "go")).Code);
        Assert.Equal(0, (await RunAsync("schedules", "pause", "daily")).Code);
        Assert.Matches(@"daily +0 4 \* \* \* +yes", (await RunAsync("schedules", "list")).Output);
        Assert.Equal(0, (await RunAsync("schedules", "resume", "daily")).Code);
        Assert.Contains("2026-01-01 04:00:00Z", (await RunAsync("schedules", "show", "daily")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("schedules", "delete", "daily")).Code);

        Assert.Equal(0, (await RunAsync("queues", "set", "q", "--parallelism", "2")).Code);
        Assert.Equal(0, (await RunAsync("queues", "pause", "q")).Code);
        Assert.Matches("q +yes +0 +2", (await RunAsync("queues", "list")).Output);

        await PublishAsync("/a", null, "Upstash-Flow-Control-Key: k", "Upstash-Flow-Control-Value: rate=1");
        Assert.Equal(0, (await RunAsync("flow", "pin", "k", "--parallelism", "7")).Code);
        Assert.Contains("of 7", (await RunAsync("flow", "show", "k")).Output, StringComparison.Ordinal);
        Assert.Contains("At most", (await RunAsync("flow", "global")).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("keys", "rotate")).Code);
        Assert.Contains("sig_", (await RunAsync("keys", "show")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("messages get msg_x")]
    [InlineData("messages cancel msg_x")]
    [InlineData("messages deliver msg_x")]
    [InlineData("dlq show 1-0")]
    [InlineData("dlq retry 1-0")]
    [InlineData("dlq delete 1-0")]
    [InlineData("groups show x")]
    [InlineData("groups delete x")]
    [InlineData("groups remove x y")]
    [InlineData("schedules show x")]
    [InlineData("schedules pause x")]
    [InlineData("schedules resume x")]
    [InlineData("schedules delete x")]
    [InlineData("queues show x")]
    [InlineData("queues pause x")]
    [InlineData("queues resume x")]
    [InlineData("queues delete x")]
    [InlineData("flow show x")]
    [InlineData("flow pause x")]
    [InlineData("flow pin x --parallelism 1")]
    [InlineData("flow unpin x")]
    [InlineData("flow reset x")]
    [InlineData("actions show x")]
    [InlineData("actions wait x")]
    [InlineData("logs --message msg_x")]
    public async Task Takes_an_unknown_id_for_an_error(string arguments)
    {
        var (code, output, errors) = await RunAsync(arguments.Split(' '));
        Assert.Equal((1, ""), (code, output.Trim()));
        Assert.Matches("There is no .*|No message msg_x is waiting.", errors);
        Assert.Empty(Emulator.GetSnapshot().User("defaultUser").Queues);
    }

    [Fact]
    public async Task Shows_and_follows_the_log()
    {
        Sink.AnswerWith(500);
        var id = await PublishAsync("/a", null, "Upstash-Retries: 0");
        await IdleAsync();
        Assert.Matches("TIME +STATE +MESSAGE +STATUS +DESTINATION +REASON", (await RunAsync("logs", "--message", id)).Output);
        Assert.Equal("error", Json(await RunAsync("logs", "--state", "error", "--json"))[0].GetProperty("state").GetString());

        await using var follower = RunningProgram.StartTool("logs", "-f", "--since", "2026-01-01", "--json", "--url", Url, "--token",
            Emulator.DefaultUser.Token);
        await follower.WaitForLineAsync($$"""{"time":"2026-01-01T00:00:00Z","state":"failed","message":"{{id}}"}""".TrimEnd('}'));
        var next = await PublishAsync("/next", null, "Upstash-Delay: 1h");
        await follower.WaitForLineAsync($$"""{"time":"2026-01-01T00:00:00Z","state":"created","message":"{{next}}"}""".TrimEnd('}'));
    }

    [Fact]
    public async Task Finds_an_emulator_and_keeps_its_token_from_the_real_service()
    {
        await PublishAsync("/a", null, "Upstash-Delay: 1h");
        var there = await RunPlainAsync("QSTASH_TOKEN=real-secret", "queues", "list", "--emulator", "--url", Url);
        Assert.Equal((0, "There are none."), Said(there));
        Assert.Equal(0, (await RunPlainAsync($"QSTASH_DEV_PORT={Emulator.Url.Port} QSTASH_TOKEN=real-secret", "queues", "list",
            "--emulator")).Code);
        foreach (var environment in new[] { $"QSTASH_TOKEN={Emulator.DefaultUser.Token}",
            $"QSTASH_TOKEN={TestUser1} QSTASH_URL=https://qstash-us-east-1.upstash.io" })
        {
            var (code, _, errors) = await RunPlainAsync(environment, "queues", "list");
            Assert.Equal(2, code);
            Assert.Contains("The token is that of an emulator", errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("mesages get x", "messages")]
    [InlineData("dlq lisst", "list")]
    [InlineData("logs --folow", "--follow")]
    public async Task Says_what_was_meant_where_errors_go(string arguments, string meant)
    {
        var (code, output, errors) = await RunAsync(arguments.Split(' '));
        Assert.Equal((2, ""), (code, output.Trim()));
        Assert.Contains(meant, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Does_not_doubt_whether_a_read_was_carried_out()
    {
        await using var read = RunningProgram.StartTool("queues", "list", "--url", "http://127.0.0.1:1", "--token", "t");
        Assert.Equal(1, await read.ExitAsync());
        Assert.Contains("did not answer", read.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("unknown", read.Errors, StringComparison.Ordinal);
        await using var write = RunningProgram.StartTool("publish", "https://a.example", "--url", "http://127.0.0.1:1", "--token", "t");
        Assert.Equal(1, await write.ExitAsync());
        Assert.Contains("unknown", write.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("QStash.Tool", "qstash.dll", "--help")]
    [InlineData("QStash.Tool", "qstash.dll", "queues list")]
    [InlineData("QStash.Tool", "qstash.dll", "queues list --json")]
    [InlineData("QStash.Tool", "qstash.dll", "completion bash")]
    [InlineData("QStash.Emulator.Tool", "qstash-emulator.dll", "--port 0")]
    [InlineData("QStash.Emulator.Tool", "qstash-emulator.dll", "--help")]
    public async Task Says_in_a_line_that_a_disk_is_full(string project, string program, string arguments)
    {
        await EnqueueAsync("q");
        var rest = program == "qstash.dll" ? $" --url {Url} --token {Emulator.DefaultUser.Token}" : "";
        await using var full = RunningProgram.Start("sh", RunningProgram.FolderOf(project), "-c",
            $"dotnet {program} {arguments}{rest} > /dev/full");
        Assert.NotEqual(0, await full.ExitAsync());
        Assert.DoesNotContain("   at ", full.Errors, StringComparison.Ordinal);
        Assert.NotEmpty(full.Errors.Trim());
    }

    [Fact]
    public async Task Completes_what_is_typed()
    {
        foreach (var shell in new[] { "bash", "zsh", "pwsh" })
            Assert.Contains("qstash", (await RunPlainAsync("A=1", "completion", shell)).Output, StringComparison.Ordinal);

        Assert.Contains("messages", (await RunPlainAsync("A=1", "complete", "--", "mes")).Output.Split('\n'));
        Assert.Contains("retry", (await RunPlainAsync("A=1", "complete", "--", "dlq r")).Output.Split('\n'));
        Assert.Contains("--status", (await RunPlainAsync("A=1", "complete", "--", "dlq list --st")).Output.Split('\n'));
    }

    static (int Code, string Errors) Said((int Code, string Output, string Errors) run) => (run.Code, run.Errors.Trim());

    static JsonElement Json((int Code, string Output, string Errors) run) => JsonDocument.Parse(run.Output).RootElement;

    Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) =>
        RunPlainAsync("A=1", [.. arguments, "--url", Url, "--token", Emulator.DefaultUser.Token]);

    static async Task<(int Code, string Output, string Errors)> RunPlainAsync(string environment, params string[] arguments)
    {
        await using var program = RunningProgram.Start("env", RunningProgram.FolderOf("QStash.Tool"),
            [.. environment.Split(' '), "dotnet", "qstash.dll", .. arguments]);
        var code = await program.ExitAsync();
        Assert.DoesNotContain("real-secret", program.Output + program.Errors, StringComparison.Ordinal);
        return (code, program.Output, program.Errors);
    }
}
