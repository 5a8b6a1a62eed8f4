using System.Net;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Api;

public class Publishing_a_batch : EmulatorTest
{
    [Fact, Check(113, 116)]
    public async Task Answers_in_order_whatever_the_item()
    {
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/1" }, new { url = Sink.Url + "/2" } } });
        var answer = await PostAsync($$$"""
            [
              {"destination":"{{{Sink.Url}}}/url","body":"x"},
              {"destination":"nobody"},
              {"destination":"g"},
              {"destination":"{{{Sink.Url}}}/queue","queue":"q"},
              {"destination":"{{{Sink.Url}}}/bad","headers":{"Upstash-Retries":"x"}},
              7
            ]
            """);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var items = answer.Json.EnumerateArray().ToList();
        Assert.StartsWith("msg_", items[0].GetProperty("messageId").GetString(), StringComparison.Ordinal);
        Assert.Equal("topic nobody not found", items[1].GetProperty("error").GetString());
        Assert.Equal([Sink.Url + "/1", Sink.Url + "/2"], items[2].EnumerateArray().Select(entry => entry.GetProperty("url").GetString()));
        Assert.StartsWith("msg_", items[3].GetProperty("messageId").GetString(), StringComparison.Ordinal);
        Assert.Contains("Upstash-Retries", items[4].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("item", items[5].GetProperty("error").GetString(), StringComparison.Ordinal);

        await IdleAsync();
        Assert.Equal(["/1", "/2", "/queue", "/url"], Sink.All.Select(request => request.Target).Order());
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/queues/q")).Status);
    }

    // Requests of up to 1 MiB share memory, one after the other; a large one does not.
    [Fact]
    public async Task Keeps_the_bodies_of_batches_apart_that_come_at_the_same_time()
    {
        int[] sizes = [1, 60_000, 300_000, 1_200_000];
        string[] bodies = [.. Enumerable.Range(0, 24).Select(i => string.Concat(Enumerable.Repeat($"{i:00}", sizes[i % 4] / 2)) + i)];
        foreach (var answer in await Task.WhenAll(bodies.Select(body => CallAsync("POST", "/v2/batch", new[] { new { destination = Sink.Url, body } }))))
            Assert.Equal(HttpStatusCode.OK, answer.Status);

        await IdleAsync();
        Assert.Equal(bodies.Order(StringComparer.Ordinal), Sink.All.Select(request => request.Text).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(""" "body":"a\"\\\n\u00e9\ud83d\ude00é" """, "a\"\\\né😀é")]
    [InlineData(""" "body":"" """, "")]
    [InlineData(""" "body":null """, "")]
    [InlineData(""" "body":1.50 """, "1.50")]
    [InlineData(""" "queue":null """, "")]
    public async Task Takes_a_body_as_its_text(string member, string expected)
    {
        await PostAsync($$"""[{"destination":"{{Sink.Url}}",{{member}}}]""");
        await IdleAsync();
        Assert.Equal(expected, Sink.All.Single().Text);
    }

    [Theory]
    [InlineData("\"\\ud800\"", "invalid body: it is not valid text")]
    [InlineData("true", "invalid body: it must be text")]
    public async Task Refuses_a_body_that_is_no_text(string body, string error)
    {
        var answer = await PostAsync($$"""[{"destination":"{{Sink.Url}}","body":{{body}}}]""");
        Assert.Equal(error, answer.Json[0].GetProperty("error").GetString());
    }

    [Fact, Check(114)]
    public async Task Takes_header_values_as_text_and_as_array()
    {
        await PostAsync($$$"""
            [{"destination":"{{{Sink.Url}}}/a","body":"x","headers":{"upstash-forward-x":"1","Upstash-Forward-Y":["2"],"content-type":"a/b","upstash-method":["PUT"]}}]
            """);
        await IdleAsync();
        var request = Sink.All.Single();
        Assert.Equal(("PUT", "1", "2", "a/b"), (request.Method, request.Header("X"), request.Header("Y"), request.Header("Content-Type")));
    }

    [Theory, Check(115, 118)]
    [InlineData("\"body\":null")]
    [InlineData("\"queue\":null")]
    [InlineData("\"queue\":\"\"")]
    [InlineData("\"headers\":null")]
    public async Task Takes_null_and_empty_for_absent(string member)
    {
        var answer = await PostAsync($$"""[{"destination":"{{Sink.Url}}/a",{{member}}}]""");
        Assert.StartsWith("msg_", answer.Json.EnumerateArray().Single().GetProperty("messageId").GetString(), StringComparison.Ordinal);
        await IdleAsync();
        Assert.Single(Sink.All);
        Assert.Equal("[]", (await GetAsync("/v2/queues")).Text);
    }

    [Theory, Check(117)]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("\"x\"")]
    public async Task Has_to_be_an_array(string body) => AssertBadRequest(await PostAsync(body), "invalid body");

    [Theory]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"destination\":\"nobody\"}")]
    [InlineData("{\"destination\":\"http://127.0.0.1:1\",\"headers\":{\"Upstash-Retries\":\"x\"}}")]
    public async Task Publishes_nothing_of_a_batch_of_junk(string junk)
    {
        var items = Enumerable.Repeat(junk, 100_000).Prepend($$"""{"destination":"{{Sink.Url}}/a"}""");
        AssertBadRequest(await PostAsync($"[{string.Join(',', items)}]"), "more than 1000 items of the batch cannot be used, item 1001 for one: ");
        await IdleAsync();
        Assert.Empty(Sink.All);
    }

    [Fact]
    public async Task Refuses_headers_that_cannot_be_sent()
    {
        var answer = await PostAsync($$$"""[{"destination":"{{{Sink.Url}}}","headers":{"Upstash-Forward-X":"a\r\nEvil: 1"}},{"destination":"{{{Sink.Url}}}","headers":{"a b":"c"}}]""");
        Assert.All(answer.Json.EnumerateArray(), item => Assert.Contains("header", item.GetProperty("error").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Percent_encodes_what_cannot_be_sent_as_it_is()
    {
        await PostAsync($$"""[{"destination":"{{Sink.Url}}/grün#part"}]""");
        await IdleAsync();
        Assert.Equal("/gr%C3%BCn", Sink.All.Single().Target);
    }

    Task<Answer> PostAsync(string body) => CallAsync("POST", "/v2/batch", body);
}
