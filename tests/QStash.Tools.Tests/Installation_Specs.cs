using System.Net;
using QStash.Tools.Tests.Support;

namespace QStash.Tools.Tests;

public class Installing_the_emulator_as_a_tool
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gives_a_command_that_delivers_messages()
    {
        using var folder = new TemporaryFolder();
        await InstallAsync(folder, "QStash.Emulator.Tool");
        var port = FreePort.Find();
        await using var emulator = RunningProgram.Start(folder.Sub("qstash-emulator"), folder.Path, "--port", port);
        var url = await emulator.WaitForLineAsync("QStash emulator is running at ");
        var token = (await emulator.WaitForLineAsync("export QSTASH_TOKEN=")).Trim('"');

        using var consumer = new Consumer();
        using var http = new HttpClient();
        using var publish = new HttpRequestMessage(HttpMethod.Post, $"{url}/v2/publish/{consumer.Url}") { Content = new StringContent("hello") };
        publish.Headers.Add("Authorization", "Bearer " + token);
        using var answer = await http.SendAsync(publish, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var (headers, body) = await consumer.ReceiveAsync();
        Assert.Equal(("hello", "Upstash-QStash"), (body, headers["User-Agent"]));
        Assert.NotEmpty(headers["Upstash-Signature"]!);
    }

    /// <summary>Packs what was built, under a version that no cache knows, and installs it from there.</summary>
    static async Task InstallAsync(TemporaryFolder folder, string project)
    {
        var version = $"0.0.0-test.{Guid.NewGuid():n}";
        var packages = folder.Sub("packages");
        await RunningProgram.RunAsync(
            "dotnet", Repository.Root,
            "pack", Path.Combine("src", project), "--no-build", "--configuration", Repository.Configuration, "--output", packages, $"-p:PackageVersion={version}", "-nodeReuse:false");
        await RunningProgram.RunAsync(
            "dotnet", folder.Path,
            "tool", "install", project, "--version", version, "--tool-path", folder.Path, "--source", packages);
    }
}
