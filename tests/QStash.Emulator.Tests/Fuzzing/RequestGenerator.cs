using System.Globalization;
using System.Text;

namespace QStash.Emulator.Tests.Fuzzing;

/// <summary>Makes requests up: sensible ones for every route, most of them spoilt somewhere.</summary>
/// <remarks>
/// Line breaks and the framing of HTTP are left alone, because they are the web server's business, and destinations have
/// names that only the test's handler resolves.
/// </remarks>
sealed class RequestGenerator(int seed, string token)
{
    static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "FOO", "get"];

    static readonly string[] Routes =
    [
        "POST /v2/publish/{d}", "POST /v2/publish/{d}?{c}", "POST /v2/publish/{n}", "POST /v2/enqueue/{n}/{d}", "POST /v2/batch",
        "GET /v2/messages/{i}", "DELETE /v2/messages/{i}", "DELETE /v2/messages?{f}", "DELETE /v2/messages", "POST /v2/queues", "GET /v2/queues",
        "GET /v2/queues/{n}", "DELETE /v2/queues/{n}", "POST /v2/queues/{n}/pause", "POST /v2/queues/{n}/resume",
        "POST /v2/schedules/{d}", "GET /v2/schedules", "GET /v2/schedules/{n}", "DELETE /v2/schedules/{n}", "PATCH /v2/schedules/{n}/pause",
        "POST /v2/schedules/{n}/resume", "GET /v2/topics", "GET /v2/topics/{n}", "DELETE /v2/topics/{n}", "POST /v2/topics/{n}/endpoints",
        "DELETE /v2/topics/{n}/endpoints", "PATCH /v2/topics/{n}", "GET /v2/dlq?{f}", "GET /v2/dlq/{i}", "DELETE /v2/dlq/{i}", "DELETE /v2/dlq?{f}",
        "POST /v2/dlq/retry/{i}", "POST /v2/dlq/retry?{f}", "GET /v2/logs?{f}", "GET /v2/events?{f}", "GET /v2/flowControl?search={n}",
        "GET /v2/flowControl/{n}", "POST /v2/flowControl/{n}/pause", "POST /v2/flowControl/{n}/resume", "POST /v2/flowControl/{n}/pin?rate=1&period={t}",
        "POST /v2/flowControl/{n}/pin?parallelism=1&rate=2&period=3", "POST /v2/flowControl/{n}/unpin?parallelism=true&rate=false",
        "POST /v2/flowControl/{n}/unpin?rate=true", "POST /v2/flowControl/{n}/resetRate", "GET /v2/globalParallelism", "GET /v2/keys",
        "POST /v2/keys/rotate", "GET /emulator/clock", "POST /emulator/clock/advance", "POST /emulator/clock/freeze", "POST /emulator/clock/scale",
        "POST /emulator/faults", "GET /emulator/faults", "DELETE /emulator/faults", "DELETE /emulator/faults/{i}", "GET /emulator/state",
    ];

    static readonly string[] Bodies =
    [
        "", "null", "{}", "[]", "hello", "{\"queueName\":\"{n}\",\"parallelism\":2,\"paused\":false}",
        "[{\"destination\":\"{d}\",\"headers\":{\"Upstash-Delay\":\"{t}\"},\"body\":\"x\",\"queue\":\"{n}\"},{\"destination\":\"{n}\"}]",
        "{\"endpoints\":[{\"url\":\"{d}\",\"name\":\"{n}\"}]}", "{\"headers\":{\"Upstash-Retries\":\"1\",\"Upstash-Forward-A\":[\"b\",\"c\"]}}",
        "{\"messageIds\":[\"{i}\"]}", "{\"dlqIds\":[\"{i}\"]}", "{\"queueName\":\"{n}\"}", "{\"by\":\"{t}\",\"timeout\":\"1s\"}",
        "{\"until\":\"2026-01-01T00:00:00Z\"}", "{\"scale\":2}", "{\"action\":\"refuse\",\"probability\":0.5,\"destination\":\"{d}\",\"count\":3}",
        "{\"action\":\"reorder\",\"count\":2,\"delay\":\"{t}\"}", "{\"action\":\"dropAnswer\",\"label\":\"a\",\"count\":3}",
    ];

    static readonly string[] Destinations =
    [
        "http://ok.test/a", "https://ok.test:8443/b?x=1&y", "http://fail.test/c", "http://dead.test/d", "http://broken.test", "http://[::1]/e",
        "http://user:pass@ok.test/%2e%2e/../f#g", "http://ok.test/\u00e4\u4e16", "https%3A%2F%2Fok.test", "ftp://ok.test", "http://", "http:///x", "ok.test", "",
        "http://ok.test:99999/", "http://a..b/", "v2/publish/http://ok.test", "http://%00/", "api/llm",
    ];

    static readonly string[] Headers =
    [
        "Upstash-Delay: {t}", "Upstash-Not-Before: 1767225700", "Upstash-Retries: 2", "Upstash-Retry-Delay: {e}", "Upstash-Timeout: {t}",
        "Upstash-Method: PUT", "Upstash-Callback: {d}", "Upstash-Failure-Callback: {d}", "Upstash-Callback-Retries: 1", "Upstash-Callback-Forward-X: y",
        "Upstash-Failure-Callback-Retry-Delay: {e}", "Upstash-Deduplication-Id: {n}", "Upstash-Content-Based-Deduplication: true", "Upstash-Forward-X-A: b",
        "Upstash-Forward-Host: h", "Upstash-Forward-Content-Type: text/plain", "Upstash-Header-Forward: true", "Upstash-Label: a,b",
        "Upstash-Flow-Control-Key: {n}", "Upstash-Flow-Control-Value: rate=1, period={t}",
        "Upstash-Flow-Control-Value: parallelism=2", "Upstash-Callback-Flow-Control-Key: {n}", "Upstash-Callback-Flow-Control-Value: rate=1, period={t}",
        "Upstash-Redact-Fields: body, header[X]",
        "Upstash-Cron: */5 * * * *", "Upstash-Cron: CRON_TZ=Europe/Berlin 0 0 1 1 *", "Upstash-Schedule-Id: {n}", "Upstash-Queue-Name: {n}",
        "Content-Type: application/json", "X-Own: v", "Cookie: a=b", "Upstash-Telemetry-Sdk: x", "Origin: http://evil.test",
    ];

    static readonly string[] Filters =
    [
        "count=5", "cursor=1767225600000-3", "order=earliestFirst", "state=ERROR", "url=http://ok.test/a,x", "host=ok.test", "path=/a", "label=a",
        "queueName={n}", "topicName={n}", "fromDate=0", "toDate=1767225600000", "messageId={i}", "dlqIds={i}", "messageIds={i}", "responseStatus=500",
        "callerIp=127.0.0.1", "scheduleId={n}", "flowControlKey={n}", "labeel=a",
    ];

    static readonly string[] Durations = ["1s", "10s", "1m30s", "0s", "1.5s", "1d1h", "", "s", "1", "-1s", "1e9s", "99999999999999999999d", "1S", " 2m ", "9".PadLeft(400, '9') + "s"];

    static readonly string[] Expressions =
    [
        "1000", "pow(2, retried) * 1000", "max(1,min(2,3))", "1/0", "-1", "sqrt(-1)", "((((((1", "exp(exp(9))", "retried retried", "%", "", "pow(1)", "1..2",
        new string('(', 5000), string.Concat(Enumerable.Repeat("-", 5000)) + "1", string.Concat(Enumerable.Repeat("abs(", 1000)) + "1" + new string(')', 1000),
    ];

    static readonly string[] Names = ["a", "q.1", "g_2-x", "A", "%20", "%2F", "..", "%00", "\u00fc", "", new string('n', 300)];

    static readonly string[] Ids = ["msg_x", "1767225600000-0", "1767225600000-1", "0-99999999999999999999", "-", "%E0%A4%A", "flt_1"];

    static readonly string[] Odd = ["\0", "\u0001", "\u007f", "\u00ff", "%", "%zz", "\"", "\\", "\\ud800", "{", "}", "[", ",", ":", ";", "/", "?", "#", "&", "=", " ", "\t", "null", "1e999", "-0", "\u4e16", "\ud83d\ude00", "9223372036854775808"];

    readonly Random _random = new(seed);

    public (byte[] Bytes, bool IsHead) Next()
    {
        var route = Pick(Routes).Split(' ', 2);
        var method = Chance(0.05) ? Pick(Methods) : route[0];
        // Spaces end a request target; escaped, it is the emulator that has to cope with them.
        var target = Spoil(Fill(route[1]), 0.3).Replace(" ", "%20", StringComparison.Ordinal);
        if (!target.StartsWith('/'))
            target = "/" + target;

        var body = Encoding.UTF8.GetBytes(Chance(0.8) ? Spoil(Fill(Pick(Bodies)), 0.3) : "");
        var lines = new StringBuilder();
        for (var count = _random.Next(6); count > 0; count--)
        {
            // An empty line would end the head of the request.
            if (Spoil(Fill(Pick(Headers)), 0.25) is { Length: > 0 } line)
                lines.Append(line).Append("\r\n");
        }

        var authorization = Chance(0.97) ? "Bearer " + token : Spoil("Bearer " + token, 1);
        var head = string.Create(CultureInfo.InvariantCulture, $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization}\r\nContent-Length: {body.Length}\r\n{lines}\r\n");
        return ([.. Encoding.UTF8.GetBytes(head), .. body], method == "HEAD");
    }

    string Fill(string template) => Each(Each(Each(Each(Each(Each(Each(template, "{c}", Configuration), "{f}", Filter), "{d}", () => PickEarly(Destinations)),
        "{t}", () => PickEarly(Durations)), "{e}", () => PickEarly(Expressions)), "{n}", () => PickEarly(Names)), "{i}", () => PickEarly(Ids));

    static string Each(string template, string place, Func<string> value)
    {
        for (int at; (at = template.IndexOf(place, StringComparison.Ordinal)) >= 0;)
            template = template[..at] + value() + template[(at + place.Length)..];

        return template;
    }

    string Configuration() => Pick(Headers).Replace(": ", "=", StringComparison.Ordinal).ToLowerInvariant() + "&z=1";

    string Filter() => string.Join('&', Enumerable.Range(0, _random.Next(4)).Select(_ => Pick(Filters)));

    string Spoil(string text, double probability)
    {
        if (!Chance(probability))
            return text;

        for (var times = _random.Next(1, 4); times > 0; times--)
        {
            var at = _random.Next(text.Length + 1);
            var end = Math.Min(text.Length, at + _random.Next(1, 8));
            text = _random.Next(4) switch
            {
                0 => text[..at] + Pick(Odd) + text[at..],
                1 => text[..at] + text[end..],
                2 => text[..at] + Pick(Odd) + text[end..],
                _ => text[..end] + text[at..],
            };
        }

        return text;
    }

    bool Chance(double probability) => _random.NextDouble() < probability;

    string Pick(string[] from) => from[_random.Next(from.Length)];

    /// <summary>Values that can be used come first in these lists, and requests that get somewhere find more.</summary>
    string PickEarly(string[] from) => from[(int)(from.Length * Math.Pow(_random.NextDouble(), 3))];
}
