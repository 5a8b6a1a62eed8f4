using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Delivery;

public class Delivering_a_message : EmulatorTest
{
    [Fact, Check(40, 41, 42, 43, 44, 45, 46)]
    public async Task Adds_the_headers_of_qstash()
    {
        Sink.AnswerWith(500, 500, 200);
        var id = await PublishAsync("/a", "x", "Upstash-Retry-Delay: 1000", "Upstash-Forward-User-Agent: other", "Upstash-Forward-Upstash-Retried: 9");
        var caller = (await GetAsync("/v2/messages/" + id)).String("callerIP");
        await AdvanceAsync(2);
        Assert.Equal(["0", "1", "2"], Sink.All.Select(request => request.Header("Upstash-Retried")));
        Assert.All(Sink.All, request =>
        {
            Assert.Equal("Upstash-QStash", request.Header("User-Agent"));
            Assert.Equal(id, request.Header("Upstash-Message-Id"));
            Assert.Equal(("127.0.0.1", caller), (request.Header("Upstash-Caller-Ip"), request.Header("Upstash-Caller-Ip")));
            Assert.Equal("EU-CENTRAL-1", request.Header("Upstash-Region"));
            Assert.NotEmpty(request.Header("Upstash-Signature")!);
            Assert.Null(request.Header("Upstash-Topic-Name"));
            Assert.Null(request.Header("Upstash-Schedule-Id"));
        });
    }
}
