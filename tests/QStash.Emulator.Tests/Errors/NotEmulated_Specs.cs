using System.Net;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Errors;

public class What_is_not_emulated : EmulatorTest
{
    [Theory]
    [InlineData("POST", "/v2/publish/api/llm")]
    [InlineData("POST", "/v2/publish/api/email")]
    [InlineData("POST", "/v2/enqueue/q/api/llm")]
    [InlineData("POST", "/v2/schedules/api/llm")]
    [InlineData("POST", "/v2/trigger/https://x.example/workflow")]
    [InlineData("POST", "/v2/trigger")]
    [InlineData("POST", "/v2/notify/event")]
    [InlineData("POST", "/v2/wait/event")]
    [InlineData("GET", "/v2/waiters/event")]
    [InlineData("GET", "/v2/workflows/logs")]
    [InlineData("DELETE", "/v2/workflows/runs/wfr_1?cancel=true")]
    [InlineData("POST", "/v2/workflows/dlq/restart")]
    [InlineData("GET", "/v2/dlq?source=workflow")]
    [InlineData("DELETE", "/v2/dlq?source=workflow")]
    [InlineData("GET", "/v2/logs?source=workflow")]
    [InlineData("POST", "/llm/v1/chat/completions")]
    public async Task Says_so(string method, string target) => AssertNotEmulated(await CallAsync(method, target, null, "Upstash-Cron: * * * * *"));

    [Theory]
    [InlineData("Upstash-Workflow-Init: true")]
    [InlineData("upstash-workflow-runid: wfr_1")]
    [InlineData("Upstash-Callback-Workflow-RunId: wfr_1")]
    [InlineData("Upstash-Failure-Callback-Workflow-Url: http://x.example")]
    public async Task Says_so_of_headers(string header)
    {
        AssertNotEmulated(await CallAsync("POST", $"/v2/publish/{Sink.Url}", null, header));
        AssertNotEmulated(await CallAsync("POST", $"/v2/enqueue/q/{Sink.Url}", null, header));
        AssertNotEmulated(await CallAsync("POST", $"/v2/schedules/{Sink.Url}", null, header, "Upstash-Cron: * * * * *"));
        var (name, value) = (header.Split(':')[0], header.Split(':')[1].Trim());
        var batch = await CallAsync("POST", "/v2/batch", new[] { new { destination = Sink.Url, headers = new Dictionary<string, string> { [name] = value } } });
        Assert.Contains("is not emulated", batch.Json[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        await IdleAsync();
        Assert.Empty(Sink.All);
    }

    [Fact]
    public async Task Says_so_in_a_batch()
    {
        var batch = await CallAsync("POST", "/v2/batch", new[] { new { destination = "api/llm" } });
        Assert.Contains("is not emulated", batch.Json[0].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory] // what a workflow forwards to its own endpoints is a header like any other
    [InlineData("Upstash-Forward-Upstash-Workflow-Sdk-Version: 1")]
    [InlineData("Upstash-Telemetry-Sdk: x")]
    public async Task Does_not_include_other_headers(string header) =>
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", $"/v2/publish/{Sink.Url}", null, header)).Status);

    static void AssertNotEmulated(Answer answer)
    {
        Assert.Equal(HttpStatusCode.NotImplemented, answer.Status);
        Assert.Contains("is not emulated", answer.Error, StringComparison.Ordinal);
        Assert.Contains("Emulated are messages", answer.Error, StringComparison.Ordinal);
    }
}
