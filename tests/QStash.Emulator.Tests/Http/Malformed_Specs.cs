using System.Net;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Http;

public class Sending_nonsense : EmulatorTest
{
    static readonly string[] Bodies =
    [
        "", "null", "1", "\"x\"", "{", "[", "[null]", "[[]]", "{}", "[{}]", "{\"endpoints\":null}", "{\"endpoints\":[{\"url\":1}]}",
        "{\"endpoints\":[{\"url\":\"http://[\"}]}", "{\"queueName\":[]}", "{\"queueName\":\"q\",\"parallelism\":1e99}",
        "{\"headers\":7}", "{\"headers\":{\"a\":{}}}", "{\"messageIds\":{}}", "{\"dlqIds\":[[]]}", "{\"count\":-1}", "{\"fromDate\":1e9}",
        "[{\"destination\":{}}]", "[{\"destination\":\"http://x\",\"headers\":[]}]", "[{\"destination\":\"http://x\",\"body\":{}}]",
        "[{\"destination\":\"http://x\",\"body\":\"\\ud800\"}]",
        "[{\"destination\":\"\\ud800\"}]", "[{\"destinatio\\ud800\":\"a\"}]", "{\"\\udc00\":{}}", "[{\"destination\":\"http://x y\"}]", "[{\"destination\":\"http://x\",\"queue\":\"/\"}]",
    ];

    static readonly string[] Routes =
    [
        "POST /v2/batch", "POST /v2/queues", "POST /v2/topics/g/endpoints", "DELETE /v2/topics/g/endpoints", "PATCH /v2/topics/g",
        "DELETE /v2/messages", "DELETE /v2/dlq", "POST /v2/dlq/retry", "GET /v2/logs", "GET /v2/dlq", "POST /v2/publish/", "POST /v2/enqueue/q/", "POST /v2/schedules/", "PATCH /v2/schedules/s/pause",
        "POST /v2/flowControl/k/pin", "POST /v2/flowControl/k/unpin", "POST /v2/flowControl/k/reset", "GET /v2/flowControl",
    ];

    static readonly string[] Targets =
    [
        "GET /v2/messages/%2F", "GET /v2/messages/%E0%A4%A", "GET /v2/logs?count=&cursor=%", "GET /v2/logs?cursor=1-x", "GET /v2/dlq?count=9e9",
        "GET /v2/dlq?fromDate=99999999999999999999", "POST /v2/publish/http:///x", "POST /v2/publish/http://[::1", "POST /v2/publish/http://x:99999/",
        "POST /v2/publish/https://?", "POST /v2/publish/http://%00/", "POST /v2/publish?upstash-delay=1s", "POST /v2/publish/x?upstash-=1",
        "POST /v2/publish/http://x/?upstash-forward-=1", "POST /v2/publish/http://x/?upstash-forward-%20=1", "POST /v2/enqueue/%/http://x",
        "POST /v2/enqueue/%2e%2e/http://x/?upstash-delay=9d&upstash-delay=x", "DELETE /v2/topics/%20/endpoints", "POST /v2/queues/%00/pause",
        "GET /v2/topics/" + LongName, "POST /v2/schedules/http://x/?upstash-cron=%00", "POST /v2/schedules/http://x/?upstash-cron=-1+*+*+*+*",
        "POST /v2/schedules/http://x/?upstash-cron=CRON_TZ=+*+*+*+*+*", "POST /v2/schedules/http://x/?upstash-cron=CRON_TZ=../etc/passwd+*+*+*+*+*",
        "POST /v2/schedules/http://x/?upstash-cron=99999999999+*+*+*+*", "POST /v2/schedules/%2F/resume", "DELETE /v2/schedules/%E0%A4%A",
        "GET /v2/flowControl/%2F", "GET /v2/flowControl/%", "GET /v2/flowControl/%E0%A4%A", "POST /v2/flowControl//pause", "POST /v2/flowControl/%00/pin?rate=1",
        "POST /v2/flowControl/k/pin?rate=99999999999999999999", "POST /v2/publish/http://x/?upstash-flow-control-key=%00&upstash-flow-control-value=rate=1",
        "POST /v2/publish/http://x/?upstash-flow-control-key=k&upstash-flow-control-value=,,=", "GET /v2/flowControl?search=%",
        "POST /v2/schedules/http://x/?upstash-cron=*+*+*+*+*&upstash-redact-fields=header%5B", "POST /v2/publish/http://x/?upstash-redact-fields=%5B%5D",
    ];

    const string LongName = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Fact]
    public async Task Never_ends_in_a_server_error()
    {
        var calls = Routes.SelectMany(route => Bodies.Select(body => (Route: route, Body: body)))
            .Concat(Targets.Select(target => (Route: target, Body: "x")));
        foreach (var (route, body) in calls)
        {
            var space = route.IndexOf(' ');
            var answer = await CallAsync(route[..space], route[(space + 1)..], body);
            Assert.True((int)answer.Status < 500, $"{route} with {body} answered {answer.Status}: {answer.Text}");
        }

        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/keys")).Status);
    }
}
