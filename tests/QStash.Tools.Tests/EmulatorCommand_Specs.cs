using System.Diagnostics;
using System.Net;
using System.Text.Json;
using QStash.Emulator.Tests.Support;
using QStash.Tools.Tests.Support;

namespace QStash.Tools.Tests;

public class Starting_the_emulator_as_a_program
{
    const string Running = "QStash emulator is running at ";

    [Theory]
    [InlineData("--port 0", "--port takes a number between 1 and 65535")]
    [InlineData("--port x", "--port takes a number between 1 and 65535")]
    [InlineData("--host here", "--host takes an IP address, for example 127.0.0.1 or 0.0.0.0")]
    [InlineData("--quota gold", "--quota takes free, payg, pro or none")]
    [InlineData("--region mars", "--region takes EU_CENTRAL_1 or US_EAST_1")]
    [InlineData("dev -port x", "--port takes a number between 1 and 65535")]
    [InlineData("dev -quota=gold", "--quota takes free, payg, pro or none")]
    [InlineData("dev blue", "'blue'")]
    [InlineData("--port 8081 dev", "Options stand behind 'dev', and --port stands in front of it")]
    [InlineData("-data=x.db dev --port 8081", "Options stand behind 'dev', and --data stands in front of it")]
    [InlineData("--quota", "'--quota'")]
    [InlineData("--data", "'--data'")]
    [InlineData("--colour blue", "'--colour'")]
    [InlineData("blue", "'blue'")]
    public async Task Explains_an_argument_it_cannot_use(string arguments, string expected)
    {
        await using var program = RunningProgram.StartEmulator(arguments.Split(' '));
        Assert.Equal(2, await program.ExitAsync());
        Assert.Contains(expected, program.Errors, StringComparison.Ordinal);
        Assert.Contains("qstash-emulator --help", program.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "--control")]
    [InlineData("-h", "[default: 8080]")]
    [InlineData("--version", "0.")]
    public async Task Tells_what_it_is(string argument, string expected)
    {
        await using var program = RunningProgram.StartEmulator(argument);
        Assert.Equal(0, await program.ExitAsync());
        Assert.Contains(expected, program.Output, StringComparison.Ordinal);
        Assert.Empty(program.Errors);
    }

    [Theory]
    [InlineData("dev --port {port}", "", 5)] // payg allows five retries
    [InlineData("dev -port={port} -log-port=9999", "", 5)]
    [InlineData("dev -port {port} -quota pro", "", 20)]
    [InlineData("dev -quota=none", "QSTASH_DEV_PORT={port}", null)]
    [InlineData("dev", "QSTASH_DEV_PORT={port} QSTASH_DEV_QUOTA=pro", 20)]
    [InlineData("dev --quota=payg", "QSTASH_DEV_PORT={port} QSTASH_DEV_QUOTA=pro", 5)]
    [InlineData("", "QSTASH_DEV_PORT={port} QSTASH_DEV_QUOTA=", null)]
    [InlineData("-port={port}", "QSTASH_DEV_PORT=1", null)]
    public async Task Is_what_scripts_of_the_official_development_server_expect(string arguments, string environment, int? maxRetries)
    {
        var port = $"{FreePort.Find()}";
        await using var program = RunningProgram.StartEmulator(
            arguments.Replace("{port}", port, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            environment.Replace("{port}", port, StringComparison.Ordinal));
        Assert.Equal($"http://127.0.0.1:{port}", await program.WaitForLineAsync(Running));

        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, await PublishAsync(maxRetries ?? 1000));
        if (maxRetries is not null)
            Assert.Equal(HttpStatusCode.BadRequest, await PublishAsync(maxRetries.Value + 1));

        async Task<HttpStatusCode> PublishAsync(int retries)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/v2/publish/http://127.0.0.1:1");
            request.Headers.Add("Authorization", "Bearer eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=");
            request.Headers.Add("Upstash-Retries", $"{retries}");
            request.Headers.Add("Upstash-Delay", "1h");
            return (await http.SendAsync(request, Cancellation)).StatusCode;
        }
    }

    [Theory]
    [InlineData("QSTASH_DEV_PORT=eighty", "QSTASH_DEV_PORT takes a number between 1 and 65535")]
    [InlineData("QSTASH_DEV_QUOTA=gold", "QSTASH_DEV_QUOTA takes free, payg, pro or none")]
    public async Task Explains_a_variable_it_cannot_use(string environment, string expected)
    {
        await using var program = RunningProgram.StartEmulator(["dev"], environment);
        Assert.Equal(2, await program.ExitAsync());
        Assert.Contains(expected, program.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exports_its_spans_where_the_variables_of_OpenTelemetry_say()
    {
        await using var sink = await Sink.StartAsync(TimeProvider.System);
        var exported = new TaskCompletionSource<Received>(TaskCreationOptions.RunContinuationsAsynchronously);
        sink.Answer = (request, _) =>
        {
            if (request.Target == "/v1/traces" && request.Text.Contains("QStash message", StringComparison.Ordinal))
                exported.TrySetResult(request);

            return Task.CompletedTask;
        };
        await using var program = RunningProgram.StartEmulator(
            ["--port", $"{FreePort.Find()}"],
            $"OTEL_EXPORTER_OTLP_ENDPOINT={sink.Url} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf OTEL_BSP_SCHEDULE_DELAY=10");
        using var http = Client(await program.WaitForLineAsync(Running));

        using var published = await http.PostAsync($"/v2/publish/{sink.Url}/done", null, Cancellation);

        Assert.Contains("qstash-emulator", (await exported.Task.WaitAsync(Cancellation)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_when_it_cannot_listen()
    {
        await using var taken = await Sink.StartAsync(TimeProvider.System);
        await using var first = RunningProgram.StartEmulator("--port", $"{new Uri(taken.Url).Port}");
        await using var second = RunningProgram.StartEmulator("--host", "203.0.113.9");
        foreach (var program in new[] { first, second })
        {
            Assert.Equal(1, await program.ExitAsync());
            Assert.Contains("Choose others with --host and --port", program.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", program.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/", "it is a directory")]
    [InlineData("/nowhere/data", "its directory does not exist")]
    public async Task Says_when_it_cannot_use_its_file(string path, string expected)
    {
        await using var program = RunningProgram.StartEmulator("--port", $"{FreePort.Find()}", "--data", path);
        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains($"--data {path} cannot be used: {expected}", program.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shares_its_file_with_no_other_process()
    {
        using var folder = new TemporaryFolder();
        await using var first = RunningProgram.StartEmulator("--port", $"{FreePort.Find()}", "--data", folder.Sub("data"));
        await first.WaitForLineAsync(Running);
        await using var second = RunningProgram.StartEmulator("--port", $"{FreePort.Find()}", "--data", folder.Sub("data"));
        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains("another process has it open, and a file serves one emulator at a time", second.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accepts_nothing_that_does_not_fit_on_the_disk_and_keeps_what_did()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs ulimit.");
        using var folder = new TemporaryFolder();
        var port = $"{FreePort.Find()}";
        string[] arguments = ["--port", port, "--data", folder.Sub("data")];
        List<string> accepted = [];
        await using (var program = RunningProgram.StartEmulatorWithFilesUpTo(kilobytes: 512, arguments))
        {
            using var http = Client(await program.WaitForLineAsync(Running));
            using var full = await PublishUntilRefusedAsync(http, accepted);
            Assert.Equal(HttpStatusCode.InternalServerError, full.StatusCode);
            Assert.Contains("the data file cannot be written any more", await full.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            using var after = await PublishAsync(http);
            Assert.Contains("the data file cannot be written any more", await after.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            Assert.NotEmpty(accepted);
        }

        await using var again = RunningProgram.StartEmulator(arguments);
        using var client = Client(await again.WaitForLineAsync(Running));
        foreach (var id in accepted)
            await client.GetStringAsync($"/v2/messages/{id}", Cancellation);

        using var now = await PublishAsync(client);
        Assert.Equal(HttpStatusCode.OK, now.StatusCode);
    }

    [Fact]
    public async Task Lets_only_this_machine_in_and_answers_nothing_it_was_not_asked_for()
    {
        var port = $"{FreePort.Find()}";
        await using var program = RunningProgram.StartEmulator("--port", port);
        Assert.Equal("http://127.0.0.1:" + port, await program.WaitForLineAsync(Running));
        using var http = new HttpClient();
        Assert.Contains("<title>", await http.GetStringAsync($"http://127.0.0.1:{port}/", Cancellation), StringComparison.Ordinal);
        using var control = await http.GetAsync($"http://127.0.0.1:{port}/emulator/clock", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, control.StatusCode);
    }

    [Fact]
    public async Task Moves_its_clock_when_it_may_be_controlled()
    {
        var port = $"{FreePort.Find()}";
        await using var program = RunningProgram.StartEmulator("--port", port, "--control", "--host", "0.0.0.0");
        Assert.Equal("http://127.0.0.1:" + port, await program.WaitForLineAsync(Running));
        await program.WaitForLineAsync("It listens at 0.0.0.0: ");
        using var http = new HttpClient();
        using var frozen = await http.PostAsync($"http://127.0.0.1:{port}/emulator/clock/freeze", null, Cancellation);
        Assert.Equal(HttpStatusCode.OK, frozen.StatusCode);
    }

    [Fact]
    public async Task Stops_when_it_is_told_to()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs SIGTERM.");
        await using var program = RunningProgram.StartEmulator("--port", $"{FreePort.Find()}");
        await program.WaitForLineAsync("export QSTASH_NEXT_SIGNING_KEY");
        using var kill = Process.Start("kill", ["-TERM", $"{program.Id}"]);
        Assert.Equal(0, await program.ExitAsync());
    }

    [Theory]
    [InlineData(new string[0], true)]
    [InlineData(new[] { "--quiet" }, false)]
    public async Task Writes_a_line_for_each_attempt_unless_it_is_to_be_quiet(string[] arguments, bool writes)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs SIGTERM.");
        var told = new TaskCompletionSource();
        await using var sink = await Sink.StartAsync(TimeProvider.System);
        sink.Answer = (received, _) =>
        {
            // The callback comes after the line of the attempt it tells of.
            if (received.Target == "/told")
                told.SetResult();

            return Task.CompletedTask;
        };
        await using var program = RunningProgram.StartEmulator(["--port", $"{FreePort.Find()}", .. arguments]);
        using var http = Client(await program.WaitForLineAsync(Running));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/publish/{sink.Url}/orders") { Headers = { { "Upstash-Callback", sink.Url + "/told" } } };
        using var answer = await http.SendAsync(request, Cancellation);
        await told.Task.WaitAsync(Cancellation);

        using var kill = Process.Start("kill", ["-TERM", $"{program.Id}"]);
        Assert.Equal(0, await program.ExitAsync());
        Assert.Equal(writes, program.Output.Contains("status=200", StringComparison.Ordinal));
    }

    static async Task<HttpResponseMessage> PublishUntilRefusedAsync(HttpClient http, List<string> accepted)
    {
        while (true)
        {
            var answer = await PublishAsync(http);
            if (!answer.IsSuccessStatusCode)
                return answer;

            accepted.Add(JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).GetProperty("messageId").GetString()!);
            answer.Dispose();
        }
    }

    static async Task<HttpResponseMessage> PublishAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/publish/http://127.0.0.1:1/later")
        {
            Content = new ByteArrayContent(new byte[50_000]),
            Headers = { { "Upstash-Delay", "1d" } },
        };
        return await http.SendAsync(request, Cancellation);
    }

    static HttpClient Client(string url) => new()
    {
        BaseAddress = new Uri(url),
        DefaultRequestHeaders = { { "Authorization", "Bearer eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=" } },
    };
}
