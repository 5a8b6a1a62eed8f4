using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests;

public class Starting_an_emulator : EmulatorTest
{
    [Fact]
    public void Listens_on_loopback_as_the_default_user()
    {
        Assert.Equal("127.0.0.1", Emulator.Url.Host);
        Assert.NotEqual(0, Emulator.Url.Port);
        Assert.Equal("defaultUser", Emulator.DefaultUser.Name);
        Assert.StartsWith("sig_", Emulator.DefaultUser.CurrentSigningKey, StringComparison.Ordinal);
        Assert.Same(Clock, Emulator.TimeProvider);
    }

    [Fact]
    public async Task Plays_a_whole_retry_schedule_in_one_advance()
    {
        Sink.AnswerWith(500);
        var start = Clock.GetUtcNow();
        await PublishAsync();
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(40), Cancellation);
        Assert.Equal([0, 12, 160, 1968], Sink.All.Select(request => (int)(request.At - start).TotalSeconds));
        Assert.Equal(TimeSpan.FromMinutes(40), Clock.GetUtcNow() - start);
    }

    [Fact]
    public async Task Needs_a_virtual_clock_to_advance()
    {
        await using var emulator = await QStashEmulator.StartAsync(cancellationToken: Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(() => emulator.AdvanceAsync(TimeSpan.FromSeconds(1), Cancellation));
    }

    [Fact]
    public async Task Is_busy_while_a_consumer_publishes_in_turn()
    {
        Sink.Answer = async (request, _) =>
        {
            if (request.Target != "/5")
                await PublishAsync("/" + (int.Parse(request.Target[1..], null) + 1));
        };
        await PublishAsync("/1");
        await IdleAsync();
        Assert.Equal(["/1", "/2", "/3", "/4", "/5"], Sink.All.Select(request => request.Target));
    }
}

public class Delivering_through_a_given_handler : EmulatorTest
{
    readonly Recorder _recorder = new();

    protected override QStashEmulatorOptions Options() => new() { TimeProvider = Clock, DeliveryHandler = _recorder };

    [Fact]
    public async Task Does_not_touch_the_network()
    {
        await CallAsync("POST", "/v2/publish/https://consumer.example/a%2Fb?x=1", "hello");
        await IdleAsync();
        Assert.Equal("https://consumer.example/a%2Fb?x=1", _recorder.Url);
        await Emulator.DisposeAsync();
        Assert.False(_recorder.Disposed);
    }

    sealed class Recorder : HttpMessageHandler
    {
        public string? Url { get; private set; }

        public bool Disposed { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Url = request.RequestUri!.OriginalString;
            return Task.FromResult(new HttpResponseMessage());
        }

        protected override void Dispose(bool disposing)
        {
            Disposed = true;
            base.Dispose(disposing);
        }
    }
}
