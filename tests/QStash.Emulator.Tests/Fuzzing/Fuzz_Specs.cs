using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Fuzzing;

/// <summary>3,000 requests in a normal run; QSTASH_FUZZ_REQUESTS and QSTASH_FUZZ_SEED ask for others.</summary>
public class Fuzzing_the_whole_request_surface : EmulatorTest
{
    const int Connections = 4;

    static readonly int Requests = Setting("QSTASH_FUZZ_REQUESTS", 3_000);
    static readonly int Seed = Setting("QSTASH_FUZZ_SEED", 20260101);

    readonly ConcurrentDictionary<int, int> _statuses = new();
    readonly MadeUpInternet _internet = new();
    readonly Mistakes _mistakes = new();

    protected override QStashEmulatorOptions Options() => new()
    {
        TimeProvider = Clock,
        EnableControl = true,
        DeliveryHandler = _internet,
        LoggerFactory = _mistakes,
    };

    [Fact]
    public async Task Ends_with_the_server_alive_and_delivering()
    {
        TestContext.Current.SendDiagnosticMessage($"fuzz: seed {Seed}, {Requests} requests");
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(SendAsync));
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {Seed}, {Requests} requests: " + string.Join(", ", _statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} x {pair.Value}")));
        Assert.Equal(Requests / Connections * Connections, _statuses.Values.Sum());
        Assert.True(_statuses.GetValueOrDefault(200) > Requests / 10);

        await CallAsync("POST", "/emulator/clock/freeze");
        await CallAsync("DELETE", "/emulator/faults");
        var idle = await CallAsync("POST", "/emulator/idle");
        Assert.True(idle.Status == HttpStatusCode.OK, idle.Text);
        await PublishAsync("/correct", "hello");
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", "/emulator/idle")).Status);
        Assert.Equal("hello", Assert.Single(Sink.At("/correct")).Text);
        Assert.Empty(_mistakes.Lines);
    }

    async Task SendAsync(int connection)
    {
        var generator = new RequestGenerator(Seed + connection, Emulator.DefaultUser.Token);
        await using var server = new RawConnection(new IPEndPoint(IPAddress.Loopback, Emulator.Url.Port));
        byte[] previous = [];
        for (var i = 0; i < Requests / Connections; i++)
        {
            var (request, isHead) = generator.Next();
            try
            {
                var status = await server.SendAsync(request, isHead, Cancellation).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
                // 501 is what is not emulated.
                Assert.True(status is (>= 200 and < 500) or 501, $"answered {status}");
                _statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw new InvalidOperationException($"seed {Seed}, connection {connection}, request {i}:\n{Encoding.UTF8.GetString(request)}\nafter:\n{Encoding.UTF8.GetString(previous)}", exception);
            }

            previous = request;
        }
    }

    static int Setting(string name, int standard) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : standard;

    /// <summary>Hosts that answer, fail, and do not; only this machine is real.</summary>
    sealed class MadeUpInternet : HttpMessageHandler
    {
        readonly HttpMessageInvoker _loopback = new(new SocketsHttpHandler { AllowAutoRedirect = false });

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => request.RequestUri!.Host switch
        {
            "127.0.0.1" => _loopback.SendAsync(request, cancellationToken),
            "fail.test" => Task.FromResult(new HttpResponseMessage(HttpStatusCode.InternalServerError) { Content = new ByteArrayContent([0, 255]) }),
            "dead.test" => Task.FromResult(new HttpResponseMessage((HttpStatusCode)489) { Headers = { { "Upstash-NonRetryable-Error", "true" } } }),
            "broken.test" => throw new HttpRequestException(HttpRequestError.NameResolutionError),
            _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Headers = { { "Retry-After", "x" } } }),
        };

        protected override void Dispose(bool disposing)
        {
            _loopback.Dispose();
            base.Dispose(disposing);
        }
    }
}
