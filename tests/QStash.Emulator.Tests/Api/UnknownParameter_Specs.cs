using System.Net;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Api;

public class A_query_parameter_that_is_not_known : EmulatorTest
{
    [Theory]
    [InlineData("/v2/messages/{id}")]
    [InlineData("/v2/logs")]
    [InlineData("/v2/events")]
    [InlineData("/v2/dlq")]
    [InlineData("/v2/queues")]
    [InlineData("/v2/schedules")]
    [InlineData("/v2/topics")]
    [InlineData("/v2/flowControl")]
    [InlineData("/v2/globalParallelism")]
    [InlineData("/v2/bulkActions")]
    [InlineData("/v2/keys")]
    public async Task Is_ignored_by_a_read(string path)
    {
        var id = await PublishAsync("/a", null, "Upstash-Delay: 1d");
        path = path.Replace("{id}", id, StringComparison.Ordinal);
        var plain = await GetAsync(path);
        var answer = await GetAsync(path + "?labeel=x&trimBody=0");
        Assert.Equal((HttpStatusCode.OK, plain.Text), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("DELETE", "/v2/messages")]
    [InlineData("DELETE", "/v2/messages/{id}")]
    [InlineData("DELETE", "/v2/dlq")]
    [InlineData("DELETE", "/v2/queues/q")]
    [InlineData("DELETE", "/v2/schedules/s")]
    [InlineData("DELETE", "/v2/topics/g")]
    [InlineData("DELETE", "/v2/topics/g/endpoints")]
    [InlineData("POST", "/v2/dlq/retry")]
    [InlineData("POST", "/v2/keys/rotate")]
    [InlineData("POST", "/v2/flowControl/k/pin")]
    [InlineData("POST", "/v2/flowControl/k/unpin")]
    public async Task Is_refused_by_a_call_that_destroys_something(string method, string path)
    {
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url } } });
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}", null, "Upstash-Cron: 0 0 1 1 *", "Upstash-Schedule-Id: s");
        var queued = (await EnqueueAsync("q", "/a", null, "Upstash-Delay: 1d")).Id;
        var id = await PublishAsync("/a", null, "Upstash-Delay: 1d");
        var keys = (await GetAsync("/v2/keys")).Text;
        AssertBadRequest(await CallAsync(method, path.Replace("{id}", id, StringComparison.Ordinal) + "?labeel=x"), "unknown parameter 'labeel'");
        foreach (var still in new[] { "/v2/topics/g", "/v2/schedules/s", "/v2/messages/" + queued, "/v2/messages/" + id })
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(still)).Status);

        Assert.Equal(keys, (await GetAsync("/v2/keys")).Text);
    }

    [Theory]
    [InlineData("DELETE", "/v2/messages?label=", null, "label")]
    [InlineData("DELETE", "/v2/messages?queueName=&url=", null, "queueName")]
    [InlineData("DELETE", "/v2/messages?fromDate=", null, "fromDate")]
    [InlineData("DELETE", "/v2/messages", """{"label":""}""", "label")]
    [InlineData("DELETE", "/v2/messages", """{"url":[]}""", "url")]
    [InlineData("DELETE", "/v2/dlq?label=", null, "label")]
    [InlineData("DELETE", "/v2/dlq?responseStatus=", null, "responseStatus")]
    [InlineData("POST", "/v2/dlq/retry?topicName=", null, "topicName")]
    public async Task Has_a_value_in_a_call_about_many(string method, string path, string? body, string filter)
    {
        var id = await PublishAsync("/a", null, "Upstash-Delay: 1d");
        AssertBadRequest(await CallAsync(method, path, body), $"invalid {filter}: it is empty");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/messages/" + id)).Status);
    }

    [Fact]
    public async Task Is_absent_when_the_body_says_null()
    {
        var id = await PublishAsync("/a", null, "Upstash-Delay: 1d", "Upstash-Label: here");
        Assert.Equal(HttpStatusCode.Accepted, (await CallAsync("DELETE", "/v2/messages", """{"label":"here","url":null}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/v2/messages/" + id)).Status);
    }

    [Fact]
    public async Task May_still_be_the_token()
    {
        var id = await PublishAsync("/a", null, "Upstash-Delay: 1d");
        var token = Uri.EscapeDataString(Emulator.DefaultUser.Token);
        Assert.Equal(HttpStatusCode.Accepted, (await CallAsync("DELETE", $"/v2/messages/{id}?qstash_token={token}")).Status);
    }
}
