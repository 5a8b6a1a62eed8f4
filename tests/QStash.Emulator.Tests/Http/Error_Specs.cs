using QStash.Emulator.Faults;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Http;

public class Answering_with_an_error : EmulatorTest
{
    protected override QStashEmulatorOptions Options() =>
        new() { TimeProvider = Clock, Quota = QuotaPlan.Free with { MaxUrlGroups = 0, RequestsPerSecond = 20 } };

    [Fact, Check(7)]
    public async Task Explains_it_in_json_whatever_the_status()
    {
        var endpoints = new { endpoints = new[] { new { url = Sink.Url } } };
        await AssertErrorAsync(400, "POST", "/v2/publish/https://");
        await AssertErrorAsync(401, "GET", "/v2/queues", null, "Authorization: Bearer nobody");
        await AssertErrorAsync(403, "POST", "/v2/keys/rotate", null, "Authorization: Bearer " + Emulator.DefaultUser.ReadOnlyToken);
        await AssertErrorAsync(404, "GET", "/v2/messages/msg_x");
        await AssertErrorAsync(404, "GET", "/v2/nothing");
        await AssertErrorAsync(405, "DELETE", "/v2/batch");
        await AssertErrorAsync(412, "POST", "/v2/topics/g/endpoints", endpoints);
        Emulator.Faults.Add(new FaultRule(FaultAction.ServerError) { Count = 1 });
        await AssertErrorAsync(500, "GET", "/v2/keys");
        for (var i = 0; i < 20; i++)
            await GetAsync("/v2/keys");

        await AssertErrorAsync(429, "GET", "/v2/keys");
    }

    async Task AssertErrorAsync(int status, string method, string target, object? body = null, params string[] headers)
    {
        var answer = await CallAsync(method, target, body, headers);
        Assert.Equal((target, status, "application/json"), (target, (int)answer.Status, answer.ContentType));
        Assert.NotEmpty(answer.Error);
    }
}
