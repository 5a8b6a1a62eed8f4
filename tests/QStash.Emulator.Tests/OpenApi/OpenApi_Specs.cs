using System.Globalization;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.OpenApi;

/// <summary>Every call, parameter and header of QStash's public description, which is kept in OpenApi/operations.json.</summary>
public class The_public_description : EmulatorTest
{
    /// <summary>For each header a value it takes and one it does not; null where it takes everything.</summary>
    static readonly Dictionary<string, (string Good, string? Bad)> HeaderValues = new()
    {
        ["Content-Type"] = ("text/plain", null),
        ["Upstash-Forward-*"] = ("x", null),
        ["Upstash-Method"] = ("PUT", "LOOK"),
        ["Upstash-Timeout"] = ("10s", "soon"),
        ["Upstash-Retries"] = ("1", "often"),
        ["Upstash-Retry-Delay"] = ("1000 * retried", "1000 *"),
        ["Upstash-Delay"] = ("10s", "later"),
        ["Upstash-Not-Before"] = ("1769904000", "tomorrow"),
        ["Upstash-Label"] = ("l", null),
        ["Upstash-Flow-Control-Key"] = ("k", ""),
        ["Upstash-Flow-Control-Value"] = ("parallelism=1", "much"),
        ["Upstash-Deduplication-Id"] = ("once", "a:b"),
        ["Upstash-Content-Based-Deduplication"] = ("true", "perhaps"),
        ["Upstash-Callback"] = ("http://127.0.0.1:1/c", "c"),
        ["Upstash-Callback-Forward-*"] = ("x", null),
        ["Upstash-Callback-*"] = ("1", "often"),
        ["Upstash-Failure-Callback"] = ("http://127.0.0.1:1/c", "c"),
        ["Upstash-Failure-Callback-Forward-*"] = ("x", null),
        ["Upstash-Failure-Callback-*"] = ("1", "often"),
        ["Upstash-Redact-Fields"] = ("body", "everything"),
        ["Upstash-Cron"] = ("0 4 * * *", "daily"),
        ["Upstash-Schedule-Id"] = ("s2", null),
    };

    /// <summary>For each filter a value that the fixture has; every other value finds nothing.</summary>
    Dictionary<string, string> Known => new()
    {
        ["messageId"] = _failed,
        ["messageIds"] = _waiting,
        ["dlqIds"] = _letter,
        ["topicName"] = "g",
        ["queueName"] = "q",
        ["url"] = Sink.Url + "/fails",
        ["host"] = new Uri(Sink.Url).Authority,
        ["path"] = "/fails",
        ["label"] = "l",
        ["flowControlKey"] = "k",
        ["scheduleId"] = "s",
        ["callerIp"] = "127.0.0.1",
        ["callerIP"] = "127.0.0.1",
        ["responseStatus"] = "500",
        ["state"] = "FAILED",
        ["fromDate"] = $"{Clock.GetUtcNow().AddDays(-1).ToUnixTimeMilliseconds()}",
        ["toDate"] = $"{Clock.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds()}",
    };

    string _waiting = "";
    string _failed = "";
    string _letter = "";
    string _action = "";

    public static TheoryData<string> Operations => [.. Operation.All.Select(operation => operation.ToString())];

    public static TheoryData<string, string> Parameters
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (var operation in Operation.All)
            {
                foreach (var name in operation.Query)
                    all.Add(operation.ToString(), name);
            }

            return all;
        }
    }

    public static TheoryData<string, string> Headers
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (var operation in Operation.All)
            {
                foreach (var name in operation.Headers)
                    all.Add(operation.ToString(), name);
            }

            return all;
        }
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Sink.AnswerWith(500);
        string[] all = ["Upstash-Label: l", "Upstash-Flow-Control-Key: k", "Upstash-Flow-Control-Value: parallelism=5, rate=100"];
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/fails", name = "e" } } });
        await CallAsync("POST", "/v2/queues", new { queueName = "q", parallelism = 2 });
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/s", null, "Upstash-Cron: 0 4 * * *", "Upstash-Schedule-Id: s");
        _failed = await PublishAsync("/fails", "x", [.. all, "Upstash-Retries: 0"]);
        await IdleAsync();
        _letter = (await GetAsync("/v2/dlq")).Json.GetProperty("messages")[0].GetProperty("dlqId").GetString()!;
        _action = (await CallAsync("DELETE", "/v2/messages?label=none&async=true")).String("actionId")!;
        await IdleAsync();
        _waiting = await PublishAsync("/fails", "x", [.. all, "Upstash-Delay: 1h"]);
    }

    [Fact]
    public void Is_of_this_age() => Assert.True(Operation.Date >= new DateOnly(2026, 9, 17) && Operation.All.Count > 40);

    [Theory, MemberData(nameof(Operations))]
    public async Task Names_a_call_that_is_answered(string name)
    {
        var operation = Operation.Named(name);
        // None of its parameters is required, and pinning nothing is a mistake.
        var query = operation.Path.EndsWith("/pin", StringComparison.Ordinal) ? "?parallelism=1" : "";
        var answer = await CallAsync(operation, query, BodyOf(name), [.. Required(operation)]);
        Assert.Contains((int)answer.Status, operation.Statuses.Where(status => status < 300));
    }

    [Theory, MemberData(nameof(Parameters))]
    public async Task Names_a_parameter_that_matters(string name, string parameter)
    {
        var operation = Operation.Named(name);
        if (Known.TryGetValue(parameter, out var known) && !operation.Path.StartsWith("/v2/bulkActions", StringComparison.Ordinal))
        {
            var none = parameter switch
            {
                "fromDate" => Known["toDate"],
                "toDate" => Known["fromDate"],
                "responseStatus" => "418",
                "state" => "CREATED",
                "callerIp" or "callerIP" => "192.0.2.1",
                _ => "none",
            };
            if (parameter is not ("dlqIds" or "state"))
                Assert.Equal(0, Found(await CallAsync(operation, $"?{parameter}={Uri.EscapeDataString(none)}")));

            if (parameter is not ("topicName" or "queueName" or "scheduleId"))
                Assert.NotEqual(0, Found(await CallAsync(operation, $"?{parameter}={Uri.EscapeDataString(known)}")));

            return;
        }

        var (good, bad) = parameter switch
        {
            "count" or "parallelism" or "rate" when operation.Path.EndsWith("unpin", StringComparison.Ordinal) => ("true", "perhaps"),
            "count" => ("1", operation.Method == "GET" ? "x" : null),
            "period" => ("60&rate=1", "x"),
            "async" => ("true&label=l", "perhaps&label=l"),
            "state" => ("FINISHED", "ODD"),
            "cursor" => ("", "odd"),
            _ => ("1", "x"),
        };
        var refused = bad is null ? null : await CallAsync(operation, $"?{parameter}={bad}");
        Assert.True(refused is null || (int)refused.Status == 400, $"{bad} was answered with {refused?.Status}");
        var taken = await CallAsync(operation, $"?{parameter}={good}");
        Assert.Contains((int)taken.Status, operation.Statuses.Where(status => status < 300));
    }

    [Theory, MemberData(nameof(Headers))]
    public async Task Names_a_header_that_is_read(string name, string header)
    {
        var operation = Operation.Named(name);
        var (good, bad) = HeaderValues[header];
        var sent = header.Replace("-*", header is "Upstash-Callback-*" or "Upstash-Failure-Callback-*" ? "-Retries" : "-X", StringComparison.Ordinal);
        string[] others =
        [
            .. Required(operation).Where(line => !line.StartsWith(header + ":", StringComparison.Ordinal)),
            .. header == "Upstash-Flow-Control-Key" ? ["Upstash-Flow-Control-Value: rate=1"] : header == "Upstash-Flow-Control-Value" ? ["Upstash-Flow-Control-Key: k"] : Array.Empty<string>(),
        ];
        var taken = await CallAsync(operation, "", "x", [.. others, $"{sent}: {good}"]);
        Assert.Equal(200, (int)taken.Status);
        if (bad is null)
            return;

        AssertBadRequest(await CallAsync(operation, "", "x", [.. others, $"{sent}: {bad}"]), header == "Upstash-Deduplication-Id" ? "DeduplicationId" : header == "Upstash-Cron" ? "cron" : sent);
    }

    Task<Answer> CallAsync(Operation operation, string query, object? body = null, params string[] headers)
    {
        var destination = Sink.Url + "/d";
        var path = operation.Path.Replace("{destination}", destination, StringComparison.Ordinal)
            .Replace("{queueName}", "q", StringComparison.Ordinal)
            .Replace("{messageId}", _waiting, StringComparison.Ordinal)
            .Replace("{scheduleId}", "s", StringComparison.Ordinal)
            .Replace("{urlGroupName}", "g", StringComparison.Ordinal)
            .Replace("{dlqId}", _letter, StringComparison.Ordinal)
            .Replace("{flowControlKey}", "k", StringComparison.Ordinal)
            .Replace("{actionId}", _action, StringComparison.Ordinal);
        return CallAsync(operation.Method, path + query, body, headers);
    }

    /// <summary>A schedule is one by its expression.</summary>
    static IEnumerable<string> Required(Operation operation) => operation.Headers.Contains("Upstash-Cron") ? ["Upstash-Cron: 0 4 * * *"] : [];

    object? BodyOf(string name) => name switch
    {
        "POST /v2/batch" => new[] { new { destination = Sink.Url + "/d" } },
        "POST /v2/queues" => new { queueName = "q", parallelism = 1 },
        "POST /v2/topics/{urlGroupName}/endpoints" => new { endpoints = new[] { new { url = Sink.Url + "/2" } } },
        "DELETE /v2/topics/{urlGroupName}/endpoints" => new { endpoints = new[] { new { name = "e" } } },
        _ => null,
    };

    /// <summary>How many messages, entries or dead letters a call found; an id that is not there may be answered with 404.</summary>
    static int Found(Answer answer)
    {
        if ((int)answer.Status == 404)
            return 0;

        Assert.True((int)answer.Status < 300, answer.Text);
        foreach (var list in new[] { "messages", "logs", "responses" })
        {
            if (answer.Json.TryGetProperty(list, out var items))
                return items.GetArrayLength();
        }

        foreach (var number in new[] { "cancelled", "deleted" })
        {
            if (answer.Json.TryGetProperty(number, out var count))
                return count.GetInt32();
        }

        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{(int)answer.Status} {answer.Text}"));
    }
}
