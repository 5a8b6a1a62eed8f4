using System.Globalization;
using System.Text.RegularExpressions;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>
/// A process under a culture with another minus sign, decimal point, calendar or order of a date sends the same bytes.
/// </summary>
[Collection(nameof(Alone))]
public partial class The_culture_of_a_process
{
    static readonly DateTime Time = new(2026, 2, 3, 4, 5, 6, 789, DateTimeKind.Utc);
    static readonly Lazy<Task<IReadOnlyList<string>>> Expected = new(() => RunAsync(CultureInfo.InvariantCulture));

    public static TheoryData<string> Cultures() => ["fa-IR", "ar-SA", "th-TH", "sv-SE", "de-DE", "tr-TR", "hi-IN", "he-IL", "odd"];

    [Theory]
    [MemberData(nameof(Cultures))]
    public async Task Changes_nothing_of_what_is_sent_and_received(string name)
    {
        var calls = await RunAsync(name == "odd" ? CreateOdd() : CultureInfo.GetCultureInfo(name));

        Assert.NotEmpty(calls);
        Assert.Equal(await Expected.Value, calls);
    }

    // Everything a culture can change, at once.
    static CultureInfo CreateOdd()
    {
        var culture = (CultureInfo)CultureInfo.GetCultureInfo("fa-IR").Clone();
        culture.NumberFormat.NegativeSign = "minus ";
        culture.NumberFormat.PositiveSign = "plus ";
        culture.NumberFormat.NumberDecimalSeparator = "٫";
        culture.NumberFormat.NumberGroupSeparator = "٬";
        culture.DateTimeFormat.DateSeparator = "⁄";
        culture.DateTimeFormat.TimeSeparator = "·";
        culture.DateTimeFormat.ShortDatePattern = "d/M/yy";

        return culture;
    }

    /// <summary>Sends one message of each kind, and returns what the QStash API was called with, and what the consumers saw.</summary>
    static async Task<IReadOnlyList<string>> RunAsync(CultureInfo culture)
    {
        var (formerDefault, former) = (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.CurrentCulture);
        // The first is for the threads of the server.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = culture;
        try
        {
            return await SendEverythingAsync();
        }
        finally
        {
            CultureInfo.DefaultThreadCurrentCulture = formerDefault;
            CultureInfo.CurrentCulture = former;
        }
    }

    static async Task<IReadOnlyList<string>> SendEverythingAsync()
    {
        await using var cloud = await Cloud.StartAsync();
        var calls = new List<string>();
        var scheduled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.InterceptApi(() => new Spy(calls, scheduled));
            s.AddBus(x =>
            {
                x.AddQStashMessageScheduler();
                x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card");
            }, (_, cfg) =>
            {
                cfg.UseQStashMessageScheduler();
                cfg.UseRawJsonDeserializer();
                cfg.Send<CardCharged>(x => x.UseOrderedDelivery(message => message.OrderId));
                cfg.Schedules(schedules => schedules.Cron<CardCharged>("nightly", "30 1 * * *", "Europe/Berlin",
                    x => x.Message(() => new CardCharged("42"))));
                cfg.ReceiveEndpoint("failing", e =>
                {
                    e.UseScheduledRedelivery(r => r.Interval(1, TimeSpan.FromSeconds(90.5)));
                    e.Handler<OrderSubmitted>(_ => throw new InvalidOperationException("No."));
                });
            });
        });
        await scheduled.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        await using var scope = orders.Services.CreateAsyncScope();
        var scheduler = scope.ServiceProvider.GetRequiredService<IMessageScheduler>();

        await SendAsync("charge-card", new ChargeCard("1"), x =>
        {
            x.TimeToLive = TimeSpan.FromDays(1.5);
            x.Delay = TimeSpan.FromSeconds(1.5);
            x.Headers.Set("Int", -42);
            x.Headers.Set("Double", -1234.5);
            x.Headers.Set("Decimal", -1234567.891m);
            x.Headers.Set("Time", Time);
            x.Headers.Set("Offset", new DateTimeOffset(Time));
            x.Headers.Set("Span", TimeSpan.FromMinutes(-1.5).ToString());
            x.Headers.Set("Id", Guid.Empty);
            x.Headers.Set("Yes", true);
            x.UseQStash(d =>
            {
                d.Retries = 4;
                d.RetryDelay = QStashRetryDelay.Fixed(TimeSpan.FromMilliseconds(1500));
                d.Timeout = TimeSpan.FromSeconds(1500);
                d.FlowControl = new QStashFlowControlSettings
                {
                    Key = "TITLE",
                    Rate = 1500,
                    Period = TimeSpan.FromHours(1),
                    Parallelism = 1200,
                };
                d.Labels.Add("TITLE");
            });
        });
        var inTime = cloud.Clock.GetUtcNow().AddDays(1.5);
        await SendAsync("charge-card", new ChargeCard("2"), x => x.UseQStash(q => q.NotBefore = inTime));
        await SendAsync("charge-card", new ChargeCard("3"), x =>
        {
            x.UseQStash(d => d.PlainJson = true);
            x.Headers.Set("X-Int", -42);
            x.Headers.Set("X-Double", -1234.5);
            x.Headers.Set("X-Decimal", -1234567.891m);
            x.Headers.Set("X-Time", Time);
            x.Headers.Set("X-Offset", new DateTimeOffset(Time));
        });
        await SendAsync("charge-card", new CardCharged("İi"), _ => { });
        await SendAsync("failing", new OrderSubmitted("4"), _ => { });
        await scheduler.ScheduleSend(new Uri("queue:charge-card"), cloud.Clock.GetUtcNow().UtcDateTime.AddHours(2), new ChargeCard("5"),
            Cancellation);
        await cloud.AdvanceAsync(TimeSpan.FromDays(2));

        var seen = orders.Observed.Contexts<ChargeCard>()
            .SelectMany(context => context.Headers.GetAll()
                .Select(header => FormattableString.Invariant($"{context.Message.OrderId} {header.Key}: {header.Value}"))
                // The envelope's time comes of the system clock, so its second may differ from run to run.
                .Append(FormattableString.Invariant(
                    $"{context.Message.OrderId} expires in {context.ExpirationTime - DateTime.UtcNow:%d} days")));

        // A call may be repeated, whatever the culture.
        return [.. calls.Concat(seen).Select(Neutral).Distinct().Order(StringComparer.Ordinal)];

        async Task SendAsync<T>(string endpoint, T message, Action<SendContext<T>> configure)
            where T : class =>
            await (await orders.Bus.GetSendEndpoint(new Uri($"queue:{endpoint}")))
                .Send(message, configure, Cancellation);
    }

    // Ids, ports and hashes differ from run to run, whatever the culture.
    static string Neutral(string line) => Number().Replace(Random().Replace(line, "?"), "#");

    [GeneratedRegex("[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|\\b[0-9a-f]{16}\\b")]
    private static partial Regex Random();

    [GeneratedRegex("127.0.0.1:[0-9]+")]
    private static partial Regex Number();

    sealed class Spy(List<string> calls, TaskCompletionSource scheduled) : DelegatingHandler
    {
        static readonly string[] Ignored =
            ["Authorization", "Upstash-Deduplication-Id", "Upstash-Forward-traceparent", "traceparent", "User-Agent"];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // What is read, and how often, depends on the time.
            if (request.Method != HttpMethod.Get)
            {
                lock (calls)
                {
                    calls.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
                    calls.AddRange(request.Headers.Where(header => !Ignored.Contains(header.Key))
                        .Select(header => $"{request.RequestUri.AbsolutePath} {header.Key}: {string.Join("; ", header.Value)}"));
                }
            }

            if (request.Headers.Contains("Upstash-Cron"))
                scheduled.TrySetResult();

            return base.SendAsync(request, cancellationToken);
        }
    }
}
