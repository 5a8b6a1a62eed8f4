using System.Net;
using QStash.Emulator.Tests.Support;
using QStash.Tools.Tests.Support;

namespace QStash.Tools.Tests;

public class Installing_a_tool(PackedPackages packages) : EmulatorTest
{
    [Fact]
    public async Task Gives_an_emulator_that_delivers_messages()
    {
        using var folder = new TemporaryFolder();
        await InstallAsync(folder, "QStash.Emulator.Tool");
        var port = $"{FreePort.Find()}";
        await using var emulator = RunningProgram.Start(folder.Sub("qstash-emulator"), folder.Path, "--port", port, "--data", folder.Sub("qstash.db"));
        var url = await emulator.WaitForLineAsync("QStash emulator is running at ");
        var token = (await emulator.WaitForLineAsync("export QSTASH_TOKEN=")).Trim('"');

        var delivered = new TaskCompletionSource<Received>();
        Sink.Answer = (request, _) =>
        {
            delivered.SetResult(request);
            return Task.CompletedTask;
        };
        using var http = new HttpClient();
        using var publish = new HttpRequestMessage(HttpMethod.Post, $"{url}/v2/publish/{Sink.Url}/a") { Content = new StringContent("hello") };
        publish.Headers.Add("Authorization", "Bearer " + token);
        using var answer = await http.SendAsync(publish, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var delivery = await delivered.Task.WaitAsync(Cancellation);
        Assert.Equal(("hello", "Upstash-QStash"), (delivery.Text, delivery.Header("User-Agent")));
        Assert.NotNull(delivery.Header("Upstash-Signature"));
    }

    [Fact]
    public async Task Gives_a_command_for_the_dead_letter_queue()
    {
        using var folder = new TemporaryFolder();
        await InstallAsync(folder, "QStash.Tool");
        Sink.AnswerWith(500);
        await PublishAsync("/failed", null, "Upstash-Retries: 0");
        await IdleAsync();
        await using var program = RunningProgram.Start(folder.Sub("qstash"), folder.Path, "dlq", "list", "--url", $"{Emulator.Url}", "--token", Emulator.DefaultUser.Token);
        Assert.Equal(0, await program.ExitAsync());
        Assert.Contains(Sink.Url + "/failed", program.Output, StringComparison.Ordinal);
    }

    async Task InstallAsync(TemporaryFolder folder, string project) => await RunningProgram.RunAsync(
        "dotnet", folder.Path,
        "tool", "install", project, "--version", packages.Version, "--tool-path", folder.Path, "--source", await packages.FolderAsync());
}
