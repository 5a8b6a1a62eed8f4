using System.Net;

namespace QStash.Client.Tests;

// docs/qstash-contract.md#errors
public class An_error_answer
{
    [Theory]
    [InlineData(400, typeof(QStashBadRequestException))]
    [InlineData(401, typeof(QStashAuthenticationException))]
    [InlineData(403, typeof(QStashAuthenticationException))]
    [InlineData(404, typeof(QStashNotFoundException))]
    [InlineData(405, typeof(QStashBadRequestException))]
    [InlineData(412, typeof(QStashQuotaException))]
    [InlineData(429, typeof(QStashBurstLimitException))]
    [InlineData(302, typeof(QStashException))]
    [InlineData(500, typeof(QStashException))]
    [InlineData(503, typeof(QStashException))]
    public async Task Becomes_a_typed_exception_with_the_words_of_the_server(int status, Type type)
    {
        var exception = await FailAsync(new Reply(status, """{"error":"the reason"}"""));

        Assert.Equal(type, exception.GetType());
        Assert.Equal((HttpStatusCode)status, exception.StatusCode);
        Assert.Equal("the reason", exception.Error);
        Assert.Contains("the reason", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quota maxDelay exceeded, current limit: 604800")]
    [InlineData("Quota maxMessageSize exceeded")]
    public async Task About_a_quota_is_told_apart_from_a_malformed_request(string error)
    {
        Assert.IsType<QStashQuotaException>(await FailAsync(new Reply(400, $$"""{"error":"{{error}}"}""")));
    }

    [Theory]
    [InlineData("plain words", "plain words")]
    [InlineData("{\"error\":5}", "{\"error\":5}")]
    [InlineData("{broken", "{broken")]
    [InlineData("", null)]
    public async Task Without_the_agreed_json_is_shown_as_text(string body, string? error)
    {
        Assert.Equal(error, (await FailAsync(new Reply(500, body))).Error);
    }

    [Fact]
    public async Task Is_cut_when_it_is_long()
    {
        var exception = await FailAsync(new Reply(502, new string('x', 100_000)));

        Assert.Equal(new string('x', 500) + "…", exception.Error);
    }

    [Fact]
    public async Task Is_read_whatever_charset_it_claims()
    {
        Assert.Equal("down", (await FailAsync(new Reply(502, "down", ("Content-Type", "text/plain; charset=bogus")))).Error);
    }

    [Fact]
    public async Task Never_shows_the_token()
    {
        var exception = await FailAsync(new Reply(400, $"Authorization: Bearer {ScriptedQStash.Token}"));

        Assert.DoesNotContain(ScriptedQStash.Token, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task About_the_daily_limit_wins_over_the_burst_limit()
    {
        var exception = await FailAsync(new Reply(429, "", ("RateLimit-Limit", "1000"), ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "1700006400"), ("Burst-RateLimit-Limit", "100")));

        var limit = Assert.IsType<QStashDailyLimitException>(exception);
        Assert.Equal(1000, limit.Limit);
        Assert.Equal(0, limit.Remaining);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_006_400), limit.ResetAt);
    }

    [Fact]
    public async Task About_the_burst_limit_tells_its_numbers()
    {
        var exception = await FailAsync(new Reply(429, "", ("Burst-RateLimit-Limit", "100"), ("Burst-RateLimit-Remaining", "0"), ("Burst-RateLimit-Reset", "1700000001")));

        var limit = Assert.IsType<QStashBurstLimitException>(exception);
        Assert.Equal(100, limit.Limit);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_001), limit.ResetAt);
    }

    [Fact]
    public async Task Of_429_without_headers_is_a_burst_limit_without_numbers()
    {
        var limit = Assert.IsType<QStashBurstLimitException>(await FailAsync(new Reply(429, "", ("Burst-RateLimit-Reset", "soon"))));

        Assert.Null(limit.Limit);
        Assert.Null(limit.ResetAt);
    }

    [Fact]
    public async Task Is_told_apart_from_no_answer_at_all()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Abort);

        var exception = await Assert.ThrowsAsync<QStashUnreachableException>(() => qstash.Client().PublishAsync(
            new QStashMessage { Destination = "https://example.com/?secret=1", Body = "secret"u8.ToArray() }, Cancellation));

        Assert.Null(exception.StatusCode);
        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_made_of_a_cancellation()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("[]"));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => qstash.Client().Queues.ListAsync(new CancellationToken(canceled: true)));
    }

    static async Task<QStashException> FailAsync(Reply reply)
    {
        await using var qstash = await ScriptedQStash.StartAsync(reply);
        return await Assert.ThrowsAnyAsync<QStashException>(() => qstash.Client().Queues.ListAsync(Cancellation));
    }
}
