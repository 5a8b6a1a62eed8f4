using System.Net;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Delivery;

public class Publishing_a_duplicate : EmulatorTest
{
    const string Id = "Upstash-Deduplication-Id: once";
    const string Content = "Upstash-Content-Based-Deduplication: True";

    [Fact, Check(86, 87)]
    public async Task Is_accepted_but_delivered_once_in_ten_minutes()
    {
        var first = await PostAsync("/a", "x", Id);
        var second = await PostAsync("/a", "y", Id);
        await IdleAsync();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Accepted), (first.Status, second.Status));
        Assert.Equal(first.Id, second.Id);
        Assert.True(second.Json.GetProperty("deduplicated").GetBoolean());
        Assert.False(first.Json.TryGetProperty("deduplicated", out _));
        Assert.Single(Sink.All);

        await AdvanceAsync(599.999);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("/a", "x", Id)).Status);
        await AdvanceAsync(0.001);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/a", "x", Id)).Status);
        await IdleAsync();
        Assert.Equal(2, Sink.All.Count);
    }

    [Fact, Check(88, 89, 90)]
    public async Task Is_recognised_by_its_content()
    {
        string[] headers = [Content, "Content-Type: text/plain", "Upstash-Forward-X: 1"];
        await PostAsync("/a", "x", headers);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("/a", "x", headers)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("/a", "x", [.. headers, "Upstash-Delay: 5s"])).Status);
    }

    [Theory, Check(89)]
    [InlineData("/b", "x", "text/plain", "1")]
    [InlineData("/a", "y", "text/plain", "1")]
    [InlineData("/a", "x", "text/html", "1")]
    [InlineData("/a", "x", "text/plain", "2")]
    public async Task Differs_by_destination_body_type_or_header(string path, string body, string type, string header)
    {
        await PostAsync("/a", "x", Content, "Content-Type: text/plain", "Upstash-Forward-X: 1");
        var other = await PostAsync(path, body, Content, "Content-Type: " + type, "Upstash-Forward-X: " + header);
        Assert.Equal(HttpStatusCode.OK, other.Status);
    }

    [Fact, Check(91)]
    public async Task Has_an_id_without_a_colon()
    {
        var answer = await PostAsync("/a", "x", "Upstash-Deduplication-Id: a:b");
        Assert.Equal((HttpStatusCode.BadRequest, """{"error":"DeduplicationId cannot contain ':'"}"""), (answer.Status, answer.Text));
    }

    [Fact, Check(92)]
    public async Task Is_a_matter_of_one_user()
    {
        await PostAsync("/a", "x", Id);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/a", "x", Id, "Authorization: Bearer " + TestUser1)).Status);
    }

    [Fact]
    public async Task Is_recognised_for_each_endpoint_of_a_group()
    {
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/1" } } });
        await CallAsync("POST", "/v2/publish/g", "x", Id);
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/2" } } });
        var again = await CallAsync("POST", "/v2/publish/g", "x", Id);
        Assert.Equal([true, false], again.Json.EnumerateArray().Select(entry => entry.TryGetProperty("deduplicated", out _)));
    }

    Task<Answer> PostAsync(string path, string body, params string[] headers) => CallAsync("POST", "/v2/publish/" + Sink.Url + path, body, headers);
}
