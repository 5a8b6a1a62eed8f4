using System.Net;
using System.Text;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Api;

public class Keeping_dead_letters : EmulatorTest
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Sink.AnswerWith(500);
    }

    [Fact, Check(128)]
    public async Task Shows_the_message_and_its_last_answer()
    {
        Sink.Answer = async (_, context) =>
        {
            context.Response.StatusCode = 418;
            context.Response.Headers["x-why"] = "tea";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("short"));
        };
        var id = await FailAsync("/a", "Upstash-Label: l", "Content-Type: text/plain");
        var letter = (await GetAsync("/v2/dlq")).Json.GetProperty("messages")[0];
        Assert.Equal(id, letter.GetProperty("messageId").GetString());
        Assert.Matches("^[0-9]+-[0-9]+$", letter.GetProperty("dlqId").GetString());
        Assert.Equal(418, letter.GetProperty("responseStatus").GetInt32());
        Assert.Equal("tea", letter.GetProperty("responseHeader").GetProperty("X-Why")[0].GetString());
        Assert.Equal("short", letter.GetProperty("responseBody").GetString());
        Assert.Equal("l", letter.GetProperty("label").GetString());
        Assert.Equal("text/plain", letter.GetProperty("header").GetProperty("Content-Type")[0].GetString());
        Assert.Equal(letter.GetRawText(), (await GetAsync("/v2/dlq/" + letter.GetProperty("dlqId").GetString())).Text);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/v2/messages/" + id)).Status);
    }

    [Fact, Check(128)]
    public async Task Shows_a_binary_answer_as_base64()
    {
        Sink.Answer = (_, context) =>
        {
            context.Response.StatusCode = 500;
            return context.Response.Body.WriteAsync(new byte[] { 0, 0xff }).AsTask();
        };
        await FailAsync("/a");
        var letter = (await GetAsync("/v2/dlq")).Json.GetProperty("messages")[0];
        Assert.Equal([0, 0xff], letter.GetProperty("responseBodyBase64").GetBytesFromBase64());
        Assert.False(letter.TryGetProperty("responseBody", out _));
    }

    [Fact, Check(129)]
    public async Task Pages_through_all()
    {
        var ids = await FailManyAsync(3);
        var (seen, cursor) = (new List<string?>(), "");
        do
        {
            var page = (await GetAsync($"/v2/dlq?count=1{cursor}")).Json;
            seen.Add(page.GetProperty("messages").EnumerateArray().Single().GetProperty("messageId").GetString());
            cursor = page.TryGetProperty("cursor", out var next) ? "&cursor=" + next.GetString() : null;
        }
        while (cursor is not null);
        Assert.Equal(ids.Order(), seen.Order());
    }

    [Theory, Check(129)]
    [InlineData("DELETE", "/v2/dlq?count=1")]
    [InlineData("POST", "/v2/dlq/retry?count=1")]
    public async Task Goes_through_all_page_by_page(string method, string target)
    {
        await FailManyAsync(3);
        var cursor = "";
        for (var i = 1; i <= 3; i++)
        {
            var page = (await CallAsync(method, target + cursor, null, "Upstash-Delay: 1h")).Json;
            Assert.Equal(1, page.TryGetProperty("deleted", out var deleted) ? deleted.GetInt32() : page.GetProperty("responses").GetArrayLength());
            Assert.Equal(3 - i, (await GetAsync("/v2/dlq")).Json.GetProperty("messages").GetArrayLength());
            if (i < 3)
                cursor = "&cursor=" + page.GetProperty("cursor").GetString();
            else if (method == "POST")
                Assert.Equal("", page.GetProperty("cursor").GetString());
            else
                Assert.False(page.TryGetProperty("cursor", out _));
        }
    }

    [Fact, Check(131)]
    public async Task Publishes_one_again_with_other_options()
    {
        var id = await PublishAsync("/a", null, "Upstash-Retries: 1", "Upstash-Retry-Delay: 1000");
        await AdvanceAsync(1);
        var letter = await LetterAsync(id);
        await CallAsync("POST", "/v2/dlq/retry/" + letter, null, "Upstash-Retries: 0");
        await AdvanceAsync(3600);
        Assert.Equal(["0", "1", "0"], Sink.All.Select(request => request.Header("Upstash-Retried")));
    }

    [Fact, Check(130)]
    public async Task Publishes_one_again()
    {
        var id = await FailAsync("/a", "Upstash-Forward-X: kept");
        var letter = await LetterAsync(id);
        Sink.AnswerWith(500);
        var retry = await CallAsync("POST", "/v2/dlq/retry/" + letter, "ignored", "Upstash-Retries: 1", "Upstash-Retry-Delay: 1000");
        Assert.Equal(HttpStatusCode.Created, retry.Status);
        Assert.NotEqual(id, retry.Id);
        Assert.Equal(HttpStatusCode.NotFound, (await CallAsync("DELETE", "/v2/dlq/" + letter)).Status);
        await AdvanceAsync(1);
        Assert.Equal([id, retry.Id, retry.Id], Sink.All.Select(request => request.Header("Upstash-Message-Id")));
        Assert.All(Sink.All, request => Assert.Equal(("kept", "body"), (request.Header("X"), request.Text)));
        Assert.NotNull(await LetterAsync(retry.Id));
    }

    [Fact] // docs/qstash-contract.md#calls
    public async Task Answers_to_the_names_of_the_past()
    {
        var letters = new List<string?>();
        foreach (var id in await FailManyAsync(2))
            letters.Add(await LetterAsync(id));

        Assert.Equal((await GetAsync("/v2/dlq/" + letters[0])).Text, (await GetAsync("/v2/dlq/messages/" + letters[0])).Text);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("DELETE", "/v2/dlq/messages/" + letters[0])).Status);
        Assert.Equal(HttpStatusCode.Created, (await CallAsync("POST", $"/v2/dlq/messages/{letters[1]}/republish", null, "Upstash-Delay: 1h")).Status);
        Assert.Equal(0, (await GetAsync("/v2/dlq")).Json.GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task Keeps_a_letter_when_the_overrides_make_no_sense()
    {
        var letter = await LetterAsync(await FailAsync("/a"));
        AssertBadRequest(await CallAsync("POST", "/v2/dlq/retry/" + letter, null, "Upstash-Retries: x"), "Upstash-Retries");
        AssertBadRequest(await CallAsync("POST", "/v2/dlq/retry/" + letter, null, "Upstash-Delay: 9999d"), "maxDelay");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/dlq/" + letter)).Status);
    }

    [Fact, Check(132, 133)] // docs/qstash-contract.md#g112
    public async Task Publishes_many_again()
    {
        var ids = await FailManyAsync(3);
        var letters = new[] { await LetterAsync(ids[0]), await LetterAsync(ids[1]) };
        Assert.Equal(HttpStatusCode.NotFound, (await CallAsync("POST", $"/v2/dlq/retry?dlqIds={letters[0]}&dlqIds=1-99")).Status);

        var nothing = await CallAsync("POST", "/v2/dlq/retry?label=nobody");
        Assert.Equal((HttpStatusCode.Created, """{"responses":[],"cursor":""}"""), (nothing.Status, nothing.Text));

        var retry = await CallAsync("POST", $"/v2/dlq/retry?dlqIds={letters[0]}&dlqIds={letters[1]}");
        Assert.Equal(HttpStatusCode.Created, retry.Status);
        Assert.Equal(2, retry.Json.GetProperty("responses").GetArrayLength());
        await IdleAsync();
        Assert.Equal(5, Sink.All.Count);
    }

    [Theory, Check(134)]
    [InlineData("DELETE", "/v2/dlq?labeel=x", "labeel")]
    [InlineData("DELETE", "/v2/dlq?host=x", "host")]
    [InlineData("DELETE", "/v2/dlq/{letter}?label=x", "label")]
    [InlineData("POST", "/v2/dlq/retry?path=/a", "path")]
    [InlineData("GET", "/v2/dlq?cursor=x", "cursor")]
    [InlineData("GET", "/v2/dlq?cursor=x-1", "cursor")]
    [InlineData("GET", "/v2/dlq?cursor=1-x", "cursor")]
    [InlineData("GET", "/v2/dlq?count=101", "count")]
    [InlineData("GET", "/v2/dlq?order=sideways", "order")]
    [InlineData("DELETE", "/v2/dlq?responseStatus=5xx", "responseStatus")]
    public async Task Refuses_a_parameter_that_makes_no_sense(string method, string path, string parameter)
    {
        var letter = await LetterAsync(await FailAsync("/a"));
        AssertBadRequest(await CallAsync(method, path.Replace("{letter}", letter, StringComparison.Ordinal)), parameter);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/dlq/" + letter)).Status);
    }

    [Fact, Check(135)]
    public async Task Deletes_by_id_in_both_forms()
    {
        var letters = new List<string?>();
        foreach (var id in await FailManyAsync(4))
            letters.Add(await LetterAsync(id));

        Assert.Equal("""{"deleted":2}""", (await CallAsync("DELETE", $"/v2/dlq?dlqIds={letters[0]},{letters[1]}")).Text);
        Assert.Equal("""{"deleted":1}""", (await CallAsync("DELETE", "/v2/dlq", new { dlqIds = new[] { letters[2] } })).Text);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("DELETE", "/v2/dlq/" + letters[3])).Status);
        Assert.Equal(0, (await GetAsync("/v2/dlq")).Json.GetProperty("messages").GetArrayLength());
    }

    [Theory, Check(136, 166)]
    [InlineData("messageId={id}", 1)]
    [InlineData("url={sink}/1", 1)]
    [InlineData("topicName=g", 1)]
    [InlineData("queueName=q", 1)]
    [InlineData("scheduleId=s", 0)]
    [InlineData("flowControlKey=k", 1)]
    [InlineData("flowControlKey=l", 0)]
    [InlineData("responseStatus=500", 3)]
    [InlineData("responseStatus=404", 0)]
    [InlineData("responseStatus=404,500", 3)]
    [InlineData("label=a", 1)]
    [InlineData("label=b", 1)]
    [InlineData("label=a,b", 1)]
    [InlineData("fromDate={now}", 3)]
    [InlineData("fromDate={later}", 0)]
    [InlineData("toDate={now}", 3)]
    public async Task Lists_by_filter(string filter, int expected)
    {
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/group" } } });
        var id = await FailAsync("/1", "Upstash-Label: a,b");
        await EnqueueAsync("q", "/queue", null, "Upstash-Retries: 0", "Upstash-Flow-Control-Key: k", "Upstash-Flow-Control-Value: parallelism=1");
        await CallAsync("POST", "/v2/publish/g", null, "Upstash-Retries: 0");
        await IdleAsync();
        Assert.Equal(expected, (await GetAsync("/v2/dlq?" + Fill(filter, id))).Json.GetProperty("messages").GetArrayLength());
    }

    async Task<string> FailAsync(string path, params string[] headers)
    {
        var id = await PublishAsync(path, "body", ["Upstash-Retries: 0", .. headers]);
        await IdleAsync();
        return id;
    }

    async Task<List<string>> FailManyAsync(int count)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
            ids.Add(await FailAsync("/" + i));

        return ids;
    }

    async Task<string?> LetterAsync(string messageId) =>
        (await GetAsync("/v2/dlq?messageId=" + messageId)).Json.GetProperty("messages").EnumerateArray().Single().GetProperty("dlqId").GetString();
}
