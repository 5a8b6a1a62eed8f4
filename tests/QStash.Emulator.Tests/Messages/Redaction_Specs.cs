using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Messages;

public class Redacting_a_message : EmulatorTest
{
    [Fact, Check(162)]
    public async Task Hides_the_body_from_readers_but_not_from_the_destination()
    {
        Sink.AnswerWith(500);
        var id = await PublishAsync("/a", "secret", "Upstash-Redact-Fields: body", "Upstash-Delay: 1m", "Upstash-Retries: 0", "Upstash-Forward-Kept: plain");
        Assert.Equal(Redacted("secret"), (await GetAsync("/v2/messages/" + id)).String("body"));
        await AdvanceAsync(60);
        Assert.Equal("secret", Sink.All.Single().Text);

        var letter = (await GetAsync("/v2/dlq")).Json.GetProperty("messages")[0];
        Assert.Equal(Redacted("secret"), letter.GetProperty("body").GetString());
        Assert.Equal("plain", Header(letter, "Kept"));
        var entries = (await GetAsync("/v2/logs?messageId=" + id)).Json.GetProperty("logs").EnumerateArray();
        Assert.All(entries, entry => Assert.Equal(Redacted("secret"), Encoding.UTF8.GetString(entry.GetProperty("body").GetBytesFromBase64())));
    }

    [Theory, Check(163)]
    [InlineData("header[Authorization]", true, false)]
    [InlineData("headers[authorization]", true, false)]
    [InlineData("header", true, true)]
    [InlineData("headers", true, true)]
    [InlineData("body, header[Other]", false, true)]
    [InlineData("header[Other],Header[AUTHORIZATION]", true, true)]
    [InlineData("body", false, false)]
    public async Task Hides_headers(string fields, bool authorization, bool other)
    {
        var id = await PublishAsync(
            "/a", "x", "Upstash-Redact-Fields: " + fields, "Upstash-Forward-Authorization: Bearer x", "Upstash-Forward-Other: y", "Upstash-Delay: 1m");
        var message = (await GetAsync("/v2/messages/" + id)).Json;
        Assert.Equal(authorization ? Redacted("Bearer x") : "Bearer x", Header(message, "Authorization"));
        Assert.Equal(other ? Redacted("y") : "y", Header(message, "Other"));
        await AdvanceAsync(60);
        Assert.Equal(("Bearer x", "y"), (Sink.All.Single().Header("Authorization"), Sink.All.Single().Header("Other")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" , ")]
    [InlineData("everything")]
    [InlineData("header[]")]
    [InlineData("header[a b]")]
    [InlineData("header[x")]
    [InlineData("body[x]")]
    public async Task Explains_a_field_that_does_not_exist(string fields) =>
        AssertBadRequest(await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", null, "Upstash-Redact-Fields: " + fields), "Upstash-Redact-Fields");

    [Fact, Check(164)]
    public async Task Publishes_the_original_again_from_the_dead_letter_queue()
    {
        Sink.AnswerWith(500, 200);
        await PublishAsync("/a", "secret", "Upstash-Redact-Fields: body,header", "Upstash-Retries: 0", "Upstash-Forward-X: y");
        await IdleAsync();
        await CallAsync("POST", "/v2/dlq/retry");
        await IdleAsync();
        Assert.Equal([("secret", "y"), ("secret", "y")], Sink.All.Select(request => (request.Text, request.Header("X"))));
    }

    [Fact] // undocumented, 3.9: callbacks
    public async Task Delivers_the_original_to_a_callback_and_hides_it_in_the_log()
    {
        await PublishAsync("/a", "secret", "Upstash-Redact-Fields: body", $"Upstash-Callback: {Sink.Url}/callback", "Upstash-Callback-Redact-Fields: header");
        await IdleAsync();
        Assert.Equal("secret"u8.ToArray(), Sink.At("/callback").Single().Json.GetProperty("sourceBody").GetBytesFromBase64());
        var entry = (await GetAsync($"/v2/logs?url={Sink.Url}/callback")).Json.GetProperty("logs")[0];
        Assert.StartsWith("REDACTED:", Encoding.UTF8.GetString(entry.GetProperty("body").GetBytesFromBase64()), StringComparison.Ordinal);
        Assert.Equal(Redacted("application/json"), Header(entry, "Content-Type"));
    }

    [Fact, Check(165)] // docs/qstash-contract.md#redaction
    public async Task Hides_what_a_schedule_publishes()
    {
        await CallAsync(
            "POST", $"/v2/schedules/{Sink.Url}/a", "secret", "Upstash-Cron: * * * * *", "Upstash-Schedule-Id: s", "Upstash-Redact-Fields: body, headers[X]",
            "Upstash-Forward-X: y");
        var schedule = (await GetAsync("/v2/schedules/s")).Json;
        Assert.Equal(Redacted("secret"), schedule.GetProperty("body").GetString());
        Assert.Equal(Redacted("y"), Header(schedule, "X"));
        Assert.Equal($"[{schedule.GetRawText()}]", (await GetAsync("/v2/schedules")).Text);
        await AdvanceAsync(60);
        Assert.Equal(("secret", "y"), (Sink.All.Single().Text, Sink.All.Single().Header("X")));
    }

    static string Redacted(string text) => "REDACTED:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    static string? Header(JsonElement element, string name) => element.GetProperty("header").GetProperty(name)[0].GetString();
}
