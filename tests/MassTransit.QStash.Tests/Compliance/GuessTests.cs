using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace MassTransit.QStash.Tests.Compliance;

/// <summary>
/// What docs/qstash-contract.md guesses of the API, called as it is. Nothing is delivered: what is published is due in a day, and taken
/// back.
/// </summary>
public abstract class GuessTests : IAsyncLifetime
{
    const string Later = "Upstash-Delay: 1d";

    readonly HttpClient _http = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
    readonly string _id = $"compliance-{NewId.NextGuid():n}";
    readonly List<string> _messages = [];
    IQStashUnderTest? _under;

    /// <summary>
    /// The guess, the call, its headers and body, the status (2 for any of success) and what the answer has in it. <c>{id}</c> is a name
    /// of nothing, <c>{url}</c> a destination.
    /// </summary>
    public static TheoryData<string, string, string, string, int, string> Calls { get; } =
    [
        Call("G4", "POST /v2/publish/{id}", "", "", 404, "topic {id} not found"),
        Call("G17", "POST /v2/publish/{url}", $"{Later}\nUpstash-Method: OPTIONS", "", 400, "error"),
        Call("G18", "PUT /v2/publish/{url}", Later, "", 405, ""),
        Call("G20", "POST /v2/publish/{url}", "Upstash-Delay: 1D", "", 400, "error"),
        Call("G21", "POST /v2/publish/{url}", "Upstash-Delay: 86400", "", 400, "error"),
        Call("G25", "POST /v2/enqueue/{id}/{url}", Later, "", 2, "messageId"),
        Call("G26", "POST /v2/enqueue/{id}/{url}", Later, "", 2, "messageId"),
        Call("G27", "POST /v2/batch", "", """[{"destination":"nowhere://a"},{"destination":"{url}","headers":{"Upstash-Delay":"1d"}}]""", 2, "[{\"error\":"),
        Call("G29", "POST /v2/batch", "", """[{"destination":"{url}","headers":{"Upstash-Delay":"1d"}}]""", 2, "[{"),
        Call("G38", "POST /v2/messages/{id}/retry", "", "", 400, "error"),
        Call("G48", "POST /v2/publish/{url}", $"{Later}\nUpstash-Retry-Delay: min(", "", 400, "error"),
        Call("G62", "POST /v2/publish/{url}", $"{Later}\nUpstash-Callback: {{url}}\nUpstash-Callback-Delay: 10s", "", 400, "error"),
        Call("G63", "POST /v2/publish/{url}", $"{Later}\nUpstash-Callback: {{url}}\nUpstash-Callback-Callback: {{url}}", "", 400, "error"),
        Call("G65", "POST /v2/publish/{url}", $"{Later}\nUpstash-Callback-Retries: 3", "", 2, "messageId"),
        Call("G70", "POST /v2/publish/{url}", $"{Later}\nUpstash-Deduplication-Id: {new string('x', 300)}{{id}}", "", 2, "messageId"),
        Call("G75", "POST /v2/publish/{url}", $"{Later}\nUpstash-Label: a b;c=d/{{id}}", "", 2, "messageId"),
        Call("G77", "POST /v2/publish/{url}", $"{Later}\nUpstash-Flow-Control-Key: {{id}}", "", 400, "error"),
        Call("G77", "POST /v2/publish/{url}", $"{Later}\nUpstash-Flow-Control-Value: rate=1", "", 400, "error"),
        Call("G78", "POST /v2/publish/{url}", $"{Later}\nUpstash-Flow-Control-Key: {{id}}\nUpstash-Flow-Control-Value: parallelism=1,period=10s", "", 2, "messageId"),
        Call("G79", "POST /v2/publish/{url}", $"{Later}\nUpstash-Flow-Control-Key: {{id}}\nUpstash-Flow-Control-Value: rate=1,period=8d", "", 400, "error"),
        Call("G80", "POST /v2/flowControl/{id}/pause", "", "", 404, "error"),
        Call("G89", "POST /v2/queues/{id}/pause", "", "", 2, ""),
        Call("G92", "POST /v2/schedules/{url}", "Upstash-Cron: 0 0 1 1 7\nUpstash-Schedule-Id: {id}", "", 400, "error"),
        Call("G97", "POST /v2/schedules/{id}", "Upstash-Cron: 0 0 1 1 *\nUpstash-Schedule-Id: {id}", "", 404, "error"),
        Call("G98", "POST /v2/schedules/{id}/pause", "", "", 404, "error"),
        Call("G98", "DELETE /v2/schedules/{id}", "", "", 2, ""),
        Call("G102", "POST /v2/publish/{url}", "Upstash-Cron: 0 0 1 1 *\nUpstash-Schedule-Id: {id}", "", 2, "scheduleId"),
        Call("G109", "PATCH /v2/topics/{id}", "", """{"headers":{"A":"b"}}""", 404, "error"),
    ];

    public async ValueTask InitializeAsync() => _under = await ConnectAsync();

    IQStashUnderTest QStash => _under!;

    internal abstract Task<IQStashUnderTest> ConnectAsync();

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_is_answered_as_guessed(string guess, string call, string headers, string body, int status, string part)
    {
        Assert.StartsWith("G", guess, StringComparison.Ordinal);

        var (answered, text) = await SendAsync(call, headers, body);

        Assert.True(status == (status == 2 ? answered / 100 : answered), $"{call} was answered with {answered}: {text}");
        Assert.Contains(Fill(part), text, StringComparison.Ordinal);
    }

    [Fact, Guess("G7")]
    public async Task The_service_speaks_plain_HTTP_1_1()
    {
        using var answer = await RawAsync(new HttpRequestMessage(HttpMethod.Get, At("/v2/keys")));

        Assert.Equal(HttpVersion.Version11, answer.Version);
    }

    [Fact, Guess("G3")]
    public async Task An_error_is_a_text_in_JSON()
    {
        using var answer = await RawAsync(new HttpRequestMessage(HttpMethod.Get, At("/v2/messages/msg_unknown")));

        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty((await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("error").GetString()!);
    }

    [Fact, Guess("G31", "G41")]
    public async Task A_message_that_waits_can_be_read()
    {
        var (_, published) = await SendAsync("POST /v2/publish/{url}", Later, "");

        var (status, text) = await SendAsync($"GET /v2/messages/{JsonDocument.Parse(published).RootElement.GetProperty("messageId").GetString()}", "", "");

        Assert.Equal(200, status);
        Assert.Contains("\"callerIP\"", text, StringComparison.Ordinal);
    }

    [Fact, Guess("G74")]
    public async Task A_duplicate_is_accepted_and_named()
    {
        await SendAsync("POST /v2/publish/{url}", $"{Later}\nUpstash-Deduplication-Id: {_id}", "");

        var (status, text) = await SendAsync("POST /v2/publish/{url}", $"{Later}\nUpstash-Deduplication-Id: {_id}", "");

        Assert.Equal(202, status);
        Assert.Contains("\"deduplicated\":true", text, StringComparison.Ordinal);
    }

    [Fact, Guess("G23", "G24")]
    public async Task A_publish_to_a_group_is_answered_with_an_array()
    {
        await SendAsync("POST /v2/topics/{id}/endpoints", "", """{"endpoints":[{"url":"{url}","name":"first"}]}""");

        var (_, text) = await SendAsync("POST /v2/publish/{id}", Later, "");

        var entry = Assert.Single(JsonDocument.Parse(text).RootElement.EnumerateArray());
        Assert.Equal(Fill("{url}"), entry.GetProperty("url").GetString());
    }

    [Fact, Guess("G104", "G107")]
    public async Task A_member_of_the_same_name_is_replaced()
    {
        await SendAsync("POST /v2/topics/{id}/endpoints", "", """{"endpoints":[{"url":"{url}/a","name":"an endpoint"}]}""");
        await SendAsync("POST /v2/topics/{id}/endpoints", "", """{"endpoints":[{"url":"{url}/b","name":"an endpoint"}]}""");

        var (_, text) = await SendAsync("GET /v2/topics/{id}", "", "");

        var member = Assert.Single(JsonDocument.Parse(text).RootElement.GetProperty("endpoints").EnumerateArray());
        Assert.Equal(Fill("{url}/b"), member.GetProperty("url").GetString());
    }

    [Fact, Guess("G101")]
    public async Task A_schedule_is_paused_with_either_verb()
    {
        await SendAsync("POST /v2/schedules/{url}", "Upstash-Cron: 0 0 1 1 *\nUpstash-Schedule-Id: {id}", "");

        Assert.Equal(2, (await SendAsync("PATCH /v2/schedules/{id}/pause", "", "")).Status / 100);
        Assert.Equal(2, (await SendAsync("POST /v2/schedules/{id}/resume", "", "")).Status / 100);
    }

    static TheoryDataRow<string, string, string, string, int, string> Call(string guess, string call, string headers, string body, int status,
        string part) => new(guess, call, headers, body, status, part) { Traits = { [GuessAttribute.Trait] = [guess] } };

    string Fill(string text) => text.Replace("{id}", _id, StringComparison.Ordinal).Replace("{url}", $"https://example.com/{_id}", StringComparison.Ordinal);

    Uri At(string target) => new(QStash.Url.GetLeftPart(UriPartial.Authority) + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    async Task<(int Status, string Text)> SendAsync(string call, string headers, string body)
    {
        var (method, target) = (call[..call.IndexOf(' ')], Fill(call[(call.IndexOf(' ') + 1)..]));
        using var request = new HttpRequestMessage(new HttpMethod(method), At(target)) { Content = new StringContent(Fill(body), Encoding.UTF8, "application/json") };

        foreach (var header in Fill(headers).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            request.Headers.TryAddWithoutValidation(header[..header.IndexOf(':')], header[(header.IndexOf(':') + 2)..]);

        using var answer = await RawAsync(request);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);

        if (answer.IsSuccessStatusCode)
            _messages.AddRange(text.Split('"').Where(part => part.StartsWith("msg_", StringComparison.Ordinal)));

        return ((int)answer.StatusCode, text);
    }

    async Task<HttpResponseMessage> RawAsync(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {QStash.Token}");
        var answer = await _http.SendAsync(request, Cancellation);
        QStash.Report.Answered(answer.Version);

        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _http.Dispose();

        // There is none when the test was skipped.
        if (_under is null)
            return;

        _under.Report.Add(_under.Url);

        foreach (var message in _messages)
            await _under.Client.Messages.CancelAsync(message);

        await _under.Client.Schedules.DeleteAsync(_id);
        await _under.Client.UrlGroups.DeleteAsync(_id);
        await _under.Client.Queues.DeleteAsync(_id);
        await _under.DisposeAsync();
    }
}
