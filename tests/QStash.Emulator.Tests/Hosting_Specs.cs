using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Hosting;
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
    public async Task Lets_other_machines_in_when_told_to_but_not_to_its_control_surface()
    {
        var address = (await Dns.GetHostAddressesAsync(Dns.GetHostName(), AddressFamily.InterNetwork, Cancellation)).FirstOrDefault(address => !IPAddress.IsLoopback(address));
        Assert.SkipWhen(address is null, "Needs an address other than loopback.");
        await using var emulator = await QStashEmulator.StartAsync(new() { Address = IPAddress.Any, EnableControl = true }, Cancellation);
        Assert.Equal("127.0.0.1", emulator.Url.Host);
        using var http = new HttpClient();
        async Task<HttpStatusCode> GetAsync(string host, string path)
        {
            using var answer = await http.GetAsync($"http://{host}:{emulator.Url.Port}{path}", Cancellation);
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await GetAsync($"{address}", "/v2/keys?qstash_token=" + Uri.EscapeDataString(emulator.DefaultUser.Token)));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync($"{address}", "/emulator/clock"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync("127.0.0.1", "/emulator/clock"));
    }

    [Fact]
    public async Task Says_where_it_cannot_listen()
    {
        var elsewhere = await Assert.ThrowsAsync<IOException>(() => QStashEmulator.StartAsync(new() { Address = IPAddress.Parse("203.0.113.9"), Port = 8080 }, Cancellation));
        Assert.StartsWith("Cannot listen at 203.0.113.9:8080", elsewhere.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => QStashEmulator.StartAsync(new() { Port = Emulator.Url.Port }, Cancellation));
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
    public async Task Names_an_option_it_cannot_use()
    {
        async Task<string> ErrorAsync(QStashEmulatorOptions options) =>
            (await Assert.ThrowsAsync<ArgumentException>(() => QStashEmulator.StartAsync(options, Cancellation))).Message;

        Assert.Contains("Port", await ErrorAsync(new() { Port = 70_000 }), StringComparison.Ordinal);
        Assert.Contains("Region", await ErrorAsync(new() { Region = "MARS" }), StringComparison.Ordinal);
        Assert.Contains("MaxMessageSize", await ErrorAsync(new() { Quota = new() { MaxMessageSize = 0 } }), StringComparison.Ordinal);
        Assert.Contains("MaxParallelism", await ErrorAsync(new() { Quota = new() { MaxParallelism = 0 } }), StringComparison.Ordinal);
        Assert.Contains("MaxRetries", await ErrorAsync(new() { Quota = new() { MaxRetries = -1 } }), StringComparison.Ordinal);
        Assert.Contains("MaxDelay", await ErrorAsync(new() { Quota = new() { MaxDelay = TimeSpan.FromSeconds(-1) } }), StringComparison.Ordinal);
    }

    [Fact, Check(46)]
    public async Task Names_its_region()
    {
        await using var emulator = await QStashEmulator.StartAsync(new() { TimeProvider = Clock, Region = "US_EAST_1" }, Cancellation);
        await CallAsync(emulator, "POST", $"/v2/publish/{Sink.Url}/us");
        await PublishAsync("/eu");
        await Task.WhenAll(emulator.WaitUntilIdleAsync(Cancellation), IdleAsync());
        Assert.Equal(("US-EAST-1", "EU-CENTRAL-1"), (Sink.At("/us").Single().Header("Upstash-Region"), Sink.At("/eu").Single().Header("Upstash-Region")));
    }

    [Fact]
    public async Task Delivers_on_the_system_clock_too()
    {
        await using var emulator = await QStashEmulator.StartAsync(cancellationToken: Cancellation);
        var called = new TaskCompletionSource();
        Sink.AnswerWith(500, 200);
        var first = Sink.Answer;
        Sink.Answer = async (request, context) =>
        {
            await first(request, context);
            if (request.Header("Upstash-Retried") == "1")
                called.SetResult();
        };
        using var http = new HttpClient();
        using var publish = new HttpRequestMessage(HttpMethod.Post, $"{emulator.Url}v2/publish/{Sink.Url}/a");
        publish.Headers.Add("Authorization", "Bearer " + emulator.DefaultUser.Token);
        publish.Headers.Add("Upstash-Retry-Delay", "20");
        using var answer = await http.SendAsync(publish, Cancellation);
        await called.Task.WaitAsync(Cancellation);
        await emulator.WaitUntilIdleAsync(Cancellation);
        Assert.Equal(2, Sink.All.Count);
    }

    [Fact]
    public async Task Stops_while_a_destination_does_not_answer()
    {
        var called = new TaskCompletionSource();
        Sink.Answer = async (_, context) =>
        {
            called.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        await PublishAsync();
        await called.Task.WaitAsync(Cancellation);
        await Emulator.DisposeAsync().AsTask().WaitAsync(Cancellation);
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
    readonly WebApplication _consumer;
    readonly Watch _watch;

    public Delivering_through_a_given_handler()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        _consumer = builder.Build();
        _consumer.Run(context =>
        {
            context.Response.Headers["X-Seen"] = context.Request.Path + context.Request.QueryString;
            return context.Request.Body.CopyToAsync(context.Response.Body);
        });
        ((IHost)_consumer).Start();
        _watch = new Watch { InnerHandler = _consumer.GetTestServer().CreateHandler() };
    }

    protected override QStashEmulatorOptions Options() => new() { TimeProvider = Clock, DeliveryHandler = _watch };

    [Fact]
    public async Task Reaches_a_test_server_without_the_network()
    {
        await CallAsync("POST", "/v2/publish/https://consumer.example/a%20b?x=1", "hello");
        await IdleAsync();
        Assert.Equal(["/a%20b?x=1 hello"], _watch.Answers);
    }

    [Fact]
    public async Task Leaves_the_handler_open()
    {
        await Emulator.DisposeAsync();
        Assert.False(_watch.Disposed);
    }

    sealed class Watch : DelegatingHandler
    {
        public List<string> Answers { get; } = [];

        public bool Disposed { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            Answers.Add(response.Headers.GetValues("X-Seen").Single() + " " + await response.Content.ReadAsStringAsync(cancellationToken));
            return response;
        }

        protected override void Dispose(bool disposing)
        {
            Disposed = true;
            base.Dispose(disposing);
        }
    }
}
