using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Mime;
using MassTransit.QStash.Tests.Support;
using MassTransit.Scheduling;
using MassTransit.Serialization;
using QStash.Emulator;
using QStash.Emulator.Faults;

namespace MassTransit.QStash.Tests;

/// <summary>
/// MassTransit's recurring messages are schedules of QStash (P2).
/// </summary>
public class A_recurring_message
{
    static readonly Uri Reports = new("queue:reports");

    static void AddReports(ServiceBuilder service) => service.AddBus(x =>
    {
        x.AddQStashMessageScheduler();
        x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "reports");
    });

    static async Task<string[]> ScheduleIds(Cloud cloud) =>
        (await cloud.Client.Schedules.ListAsync(Cancellation)).Select(x => x.ScheduleId).Order(StringComparer.Ordinal).ToArray();

    [Fact]
    public async Task Arrives_at_the_same_local_time_all_year_round()
    {
        await using var cloud = await Cloud.StartAsync();
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var times = new List<DateTimeOffset>();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddQStashMessageScheduler(),
            (_, cfg) => cfg.ReceiveEndpoint("reports", e => e.Handler<OrderSubmitted>(_ =>
            {
                times.Add(TimeZoneInfo.ConvertTime(cloud.Clock.GetUtcNow(), berlin));

                return Task.CompletedTask;
            }))));

        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("daily", "0 0 9 * * ?"), new OrderSubmitted("42"), Cancellation));
        await cloud.AdvanceAsync(TimeSpan.FromDays(365));

        Assert.Equal(Enumerable.Range(0, 365).Select(day => new DateTime(2026, 1, 1, 9, 0, 0, DateTimeKind.Unspecified).AddDays(day)), times.Select(x => x.DateTime));
        // Both changes of the clocks are in it.
        Assert.Equal([TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(1)],
            times.Select(x => x.Offset).Aggregate(new List<TimeSpan>(), (offsets, offset) =>
            {
                if (offsets.Count == 0 || offsets[^1] != offset)
                    offsets.Add(offset);
                return offsets;
            }));
    }

    [Fact]
    public async Task Is_a_new_message_each_time_however_often_a_delivery_is_repeated()
    {
        await using var cloud = await Cloud.StartAsync();
        var attempts = new List<ConsumeContext<OrderSubmitted>>();
        var start = cloud.Clock.GetUtcNow();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddQStashMessageScheduler(),
            (_, cfg) => cfg.ReceiveEndpoint("reports", e =>
            {
                e.RethrowFaultedMessages();
                e.Handler<OrderSubmitted>(context =>
                {
                    attempts.Add(context);

                    // The first attempt of each fails, and QStash repeats it 12 seconds later.
                    return attempts.Count % 2 == 1 ? throw new InvalidOperationException("Not now.") : Task.CompletedTask;
                });
            })));

        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("hourly", "0 * * * *"), new OrderSubmitted("42"),
            Pipe.Execute<SendContext<OrderSubmitted>>(context => context.TimeToLive = TimeSpan.FromMinutes(10)), Cancellation));
        await cloud.AdvanceAsync(TimeSpan.FromHours(3.5));

        Assert.Equal(6, attempts.Count);
        Assert.All(attempts.Chunk(2), pair => Assert.Equal(pair[0].MessageId, pair[1].MessageId));
        Assert.Equal(3, attempts.Select(x => x.MessageId).Distinct().Count());
        Assert.Equal(3, attempts.Select(x => x.ConversationId).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 3).Select(hour => start.AddHours(hour).UtcDateTime), attempts.Chunk(2).Select(pair => pair[0].SentTime!.Value));
        Assert.All(attempts, x => Assert.Null(x.ExpirationTime));
    }

    [Theory]
    [InlineData("envelope")]
    [InlineData("raw JSON")]
    [InlineData("custom")]
    public async Task Is_a_new_message_whatever_the_serializer_and_stays_so_when_it_is_sent_on(string serializer)
    {
        await using var cloud = await Cloud.StartAsync();
        var forwarded = new ConcurrentQueue<Guid?>();
        var ids = new ConcurrentQueue<Guid?>();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddQStashMessageScheduler(), (_, cfg) =>
        {
            if (serializer == "raw JSON")
                cfg.UseRawJsonSerializer();
            if (serializer == "custom")
            {
                cfg.AddSerializer(new CustomSerializer());
                cfg.AddDeserializer(new CustomSerializer(), true);
            }

            cfg.ReceiveEndpoint("reports", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.Handler<OrderSubmitted>(async context =>
                {
                    ids.Enqueue(context.MessageId);
                    await context.Forward(new Uri("queue:archive"));
                    await context.Forward(new Uri("queue:archive"));
                });
            });
            cfg.ReceiveEndpoint("archive", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.Handler<OrderSubmitted>(context =>
                {
                    forwarded.Enqueue(context.MessageId);

                    return Task.CompletedTask;
                });
            });
        }));

        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("every-minute", "* * * * *"), new OrderSubmitted("42"), Cancellation));
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(3));

        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(6, forwarded.Count);
        Assert.Equal(ids.Order(), forwarded.Distinct().Order());
    }

    [Fact]
    public async Task Passes_an_inbox_each_time_and_once()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            x.AddQStashMessageScheduler();
            x.AddInMemoryInboxOutbox();
            x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "reports");
            x.AddConfigureEndpointsCallback((context, _, e) => e.UseInMemoryInboxOutbox(context));
        }));
        // The answer to each first attempt is lost, so each message is delivered twice.
        cloud.Emulator.Faults.Add(new FaultRule(FaultAction.DropAnswer) { Destination = "*/reports", Count = 3 });

        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("hourly", "0 * * * *"), new OrderSubmitted("42"), Cancellation));
        await cloud.AdvanceAsync(TimeSpan.FromHours(3.5));

        Assert.Equal(3, orders.Observed.Messages<OrderSubmitted>().Count);
    }

    [Fact]
    public async Task Begins_a_trace_of_its_own_each_time()
    {
        using var traces = Traces.Collect("MassTransit");
        await using var cloud = await Cloud.StartAsync();
        var seen = new List<ActivityTraceId?>();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddQStashMessageScheduler(),
            (_, cfg) => cfg.ReceiveEndpoint("reports", e => e.Handler<OrderSubmitted>(_ =>
            {
                seen.Add(Activity.Current?.TraceId);

                return Task.CompletedTask;
            }))));
        using (var parent = new Activity("deployment").SetIdFormat(ActivityIdFormat.W3C).Start())
        {
            seen.Add(parent.TraceId);
            await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("hourly", "0 * * * *"), new OrderSubmitted("42"), Cancellation));
        }

        await cloud.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal(3, seen.Distinct().Count());
    }

    [Fact]
    public async Task Is_updated_when_it_is_scheduled_again()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddReports);

        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("daily", "0 9 * * *"), new OrderSubmitted("1"), Cancellation));
        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("daily", "0 10 * * *", "America/New_York"), new OrderSubmitted("2"), Cancellation));

        var schedule = Assert.Single(await cloud.Client.Schedules.ListAsync(Cancellation));
        Assert.Equal("reports_.daily", schedule.ScheduleId);
        Assert.Equal("CRON_TZ=America/New_York 0 10 * * *", schedule.Cron);
        Assert.Equal("http://orders.test/qstash/reports", schedule.Destination);

        await cloud.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal([new OrderSubmitted("2")], orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Leaves_nothing_at_its_former_destination()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddReports);

        await cloud.StartServiceAsync("zoo", s => s.AddBus(x => x.AddConsumer<Recorder<Animal>>()));
        await cloud.StartServiceAsync("kennel", s => s.AddBus(x => x.AddConsumer<Recorder<Dog>>()));

        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("daily", "0 9 * * *"), new Dog("Rex"), Cancellation));
        await orders.Recur(x => x.ScheduleRecurringPublish(new Recurring("daily", "0 9 * * *"), new Dog("Rex"), Cancellation));
        // Nobody subscribes to the third group of the hierarchy.
        Assert.Equal(["reports_.daily_.MassTransit.QStash.Tests.Support.Animal", "reports_.daily_.MassTransit.QStash.Tests.Support.Dog"],
            await ScheduleIds(cloud));

        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("daily", "0 9 * * *"), new Dog("Rex"), Cancellation));
        Assert.Equal(["reports_.daily"], await ScheduleIds(cloud));
    }

    [Fact]
    public async Task That_is_published_reaches_the_consumers_of_base_types_until_it_is_cancelled()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddReports);
        var zoo = await cloud.StartServiceAsync("zoo", s => s.AddBus(x => x.AddConsumer<Recorder<IAnimal>>()));

        await orders.Recur(x => x.ScheduleRecurringPublish(new Recurring("feeding", "0 9 * * *"), new Dog("Rex"), Cancellation));
        await orders.Recur(x => x.ScheduleRecurringPublish(new Recurring("feeding-2", "0 9 * * *"), new Dog("Laika"), Cancellation));
        await cloud.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(["Laika", "Rex"], zoo.Observed.Messages<IAnimal>().Select(x => x.Name).Order());

        await orders.Recur(x => x.CancelScheduledRecurringSend("feeding", "reports"));
        await cloud.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(["Laika", "Laika", "Rex"], zoo.Observed.Messages<IAnimal>().Select(x => x.Name).Order());

        // To cancel what is not there is no error.
        await orders.Recur(x => x.CancelScheduledRecurringSend("feeding", "reports"));
    }

    [Fact]
    public async Task That_nobody_subscribes_to_cannot_be_published()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddReports);

        var exception = await Assert.ThrowsAsync<PublishException>(() =>
            orders.Recur(x => x.ScheduleRecurringPublish(new Recurring("feeding", "0 9 * * *"), new Dog("Rex"), Cancellation)));

        Assert.Contains("subscriber", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pauses_until_it_is_resumed_also_when_it_is_scheduled_again_meanwhile()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddReports);
        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("daily", "0 9 * * *"), new OrderSubmitted("1"), Cancellation));

        await orders.Recur(x => x.PauseScheduledRecurringSend("daily", "reports"));
        await cloud.AdvanceAsync(TimeSpan.FromDays(1));
        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("daily", "0 9 * * *"), new OrderSubmitted("2"), Cancellation));
        await cloud.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Empty(orders.Observed.Messages<OrderSubmitted>());

        await orders.Recur(x => x.ResumeScheduledRecurringSend("daily", "reports"));
        await cloud.AdvanceAsync(TimeSpan.FromDays(1));
        // What was missed is not caught up.
        Assert.Equal([new OrderSubmitted("2")], orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Cannot_be_paused_if_there_is_none()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddReports);

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => orders.Recur(x => x.PauseScheduledRecurringSend("dayly", "reports")));

        Assert.Contains("reports_.dayly", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Has_an_id_of_its_own_whatever_its_names_contain()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddReports);
        (string? Group, string Id)[] names =
        [
            ("a.b", "c"), ("a", "b.c"), ("a_b", "c"), ("a", "b_c"), ("a_", "b"), ("a", "_b"), ("a", "_.b"), ("a_.", "b"), ("a", "b/c"), ("a", "b_2Fc"),
            ("", "b"), ("Zoë", "täglich"), ("Zo", "ëtäglich"), ("Orders", "DailyReport<Sales>"), ("Orders", "DailyReport+Sales"),
        ];

        foreach (var (group, id) in names)
            await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring(id, "0 9 * * *", group: group), new OrderSubmitted(id), Cancellation));
        Assert.Equal(names.Length, (await ScheduleIds(cloud)).Length);

        // Nor does one of them count as a part of another.
        await orders.Recur(x => x.CancelScheduledRecurringSend("b", "a"));
        Assert.Equal(names.Length, (await ScheduleIds(cloud)).Length);
        await orders.Recur(x => x.CancelScheduledRecurringSend("c", "a.b"));
        Assert.Equal(names.Length - 1, (await ScheduleIds(cloud)).Length);
    }

    [Fact]
    public async Task Without_a_group_is_in_none()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddReports);

        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("daily", "0 9 * * *", group: null), new OrderSubmitted("1"), Cancellation));

        Assert.Equal(["_.daily"], await ScheduleIds(cloud));
    }

    [Theory]
    [InlineData("Europe/Berlin", "CRON_TZ=Europe/Berlin 0 9 * * *")]
    [InlineData("W. Europe Standard Time", "CRON_TZ=Europe/Berlin 0 9 * * *")]
    [InlineData("UTC", "0 9 * * *")]
    [InlineData("Etc/UTC", "0 9 * * *")]
    [InlineData("", "0 9 * * *")]
    [InlineData(null, "0 9 * * *")]
    public async Task Is_in_its_time_zone_and_in_UTC_without_one(string? timeZone, string cron)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddReports);

        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("daily", "0 9 * * *", timeZone), new OrderSubmitted("1"), Cancellation));

        Assert.Equal(cron, Assert.Single(await cloud.Client.Schedules.ListAsync(Cancellation)).Cron);
        // S9: the log says so.
        Assert.Equal(cron == "0 9 * * *", orders.Log.Lines.Any(x => x.Contains("in UTC", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("daily", "0 9 * * *", "Europe/Berlln", "TimeZoneId", "Europe/Berlln")]
    [InlineData("daily", "every day", "Europe/Berlin", "CronExpression", "five fields")]
    [InlineData("daily", null, "Europe/Berlin", "CronExpression", "five fields")]
    [InlineData("", "0 9 * * *", "Europe/Berlin", "ScheduleId", "empty")]
    public async Task That_QStash_cannot_keep_to_is_refused(string id, string? cron, string timeZone, string setting, string reason)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddReports);

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => orders.Recur(x =>
            x.ScheduleRecurringSend(Reports, new Recurring(id, cron!, timeZone), new OrderSubmitted("1"), Cancellation)));

        Assert.Contains(setting, exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Begins_at_its_start_and_is_gone_after_its_end()
    {
        // Later than the system clock, on which MassTransit's default start is.
        await using var cloud = await Cloud.StartAsync(new VirtualClock(new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        var orders = await cloud.StartServiceAsync("orders", AddReports);
        var now = cloud.Clock.GetUtcNow();

        await orders.Recur(x => x.ScheduleRecurringSend(Reports,
            new Recurring("daily", "0 9 * * *", "UTC", start: now.AddDays(2), end: now.AddDays(5).AddHours(9)), new OrderSubmitted("1"), Cancellation));
        await cloud.AdvanceAsync(TimeSpan.FromDays(2));
        Assert.Empty(orders.Observed.Messages<OrderSubmitted>());

        await cloud.AdvanceAsync(TimeSpan.FromDays(4));
        Assert.Equal([2, 3, 4, 5], orders.Observed.Contexts<OrderSubmitted>().Select(x => (new DateTimeOffset(x.SentTime!.Value) - now).Days));
        Assert.NotEmpty(await ScheduleIds(cloud));

        await cloud.AdvanceAsync(TimeSpan.FromDays(2));
        Assert.Equal(4, orders.Observed.Messages<OrderSubmitted>().Count);
        Assert.Empty(await ScheduleIds(cloud));
        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }

    // Whoever captured a message of a schedule that is over may write any schedule into the header.
    [Theory]
    [InlineData("reports_.daily", false)]
    [InlineData("reports_.weekly", true)]
    [InlineData("reports_.daily_.else", true)]
    [InlineData("billing_.nightly", true)]
    public async Task That_is_over_removes_its_own_schedule_whatever_header_it_comes_with(string scheduleId, bool remains)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddReports);
        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("weekly", "0 9 * * 1"), new OrderSubmitted("1"), Cancellation));
        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("daily", "0 9 * * *", end: cloud.Clock.GetUtcNow().AddDays(3)), new OrderSubmitted("1"), Cancellation));
        foreach (var other in (string[])["billing_.nightly", "reports_.daily_.else"])
            await cloud.Client.Schedules.CreateAsync(new() { ScheduleId = other, Cron = "CRON_TZ=UTC 0 0 1 1 *", Destination = "http://billing.test/hook" }, Cancellation);
        var body = (await cloud.Client.Schedules.GetAsync("reports_.daily", Cancellation))!.Body.ToArray();
        await cloud.AdvanceAsync(TimeSpan.FromDays(3) + TimeSpan.FromMinutes(1));

        Assert.Equal(200, await DeliverTick(cloud, orders, body, scheduleId));

        Assert.Equal(remains, (await ScheduleIds(cloud)).Contains(scheduleId));
        Assert.Equal(remains ? 4 : 3, (await ScheduleIds(cloud)).Length);
    }

    [Fact]
    public async Task That_is_over_leaves_a_later_schedule_of_the_same_id_alone()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddReports);
        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("daily", "0 9 * * *", end: cloud.Clock.GetUtcNow().AddDays(3)), new OrderSubmitted("1"), Cancellation));
        var body = (await cloud.Client.Schedules.GetAsync("reports_.daily", Cancellation))!.Body.ToArray();
        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("daily", "0 9 * * *", end: cloud.Clock.GetUtcNow().AddDays(300)), new OrderSubmitted("1"), Cancellation));
        await cloud.AdvanceAsync(TimeSpan.FromDays(4));

        Assert.Equal(200, await DeliverTick(cloud, orders, body, "reports_.daily"));

        Assert.Single(await ScheduleIds(cloud));
    }

    [Fact]
    public async Task That_is_over_comes_again_while_QStash_cannot_say_when_it_was_made()
    {
        await using var cloud = await Cloud.StartAsync();
        var outage = new Outage();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.InterceptApi(() => outage);
            AddReports(s);
        });
        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("daily", "0 9 * * *", end: cloud.Clock.GetUtcNow().AddDays(3)), new OrderSubmitted("1"), Cancellation));
        var body = (await cloud.Client.Schedules.GetAsync("reports_.daily", Cancellation))!.Body.ToArray();
        await cloud.AdvanceAsync(TimeSpan.FromDays(4));
        Assert.Equal(3, orders.Observed.Messages<OrderSubmitted>().Count);

        outage.IsOn = true;
        Assert.Equal(500, await DeliverTick(cloud, orders, body, "reports_.daily"));
        Assert.Single(orders.Log.Warnings, line => line.Contains("could not be found out whether schedule reports_.daily is over. It will be tried again", StringComparison.Ordinal));

        Assert.Equal(3, orders.Observed.Messages<OrderSubmitted>().Count);

        // QStash does not have this message, so it may have been made in time.
        outage.IsOn = false;
        Assert.Equal(200, await DeliverTick(cloud, orders, body, "reports_.daily"));
        Assert.Equal(4, orders.Observed.Messages<OrderSubmitted>().Count);
    }

    sealed class Outage : DelegatingHandler
    {
        public bool IsOn { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            IsOn && request.Method == HttpMethod.Get
                ? new HttpResponseMessage(System.Net.HttpStatusCode.Forbidden) { Content = new StringContent("") }
                : await base.SendAsync(request, cancellationToken);
    }

    // Only its owner removes it.
    [Fact]
    public async Task Of_another_service_is_dropped_when_it_is_over_and_left_alone()
    {
        await using var cloud = await Cloud.StartAsync();
        var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddQStashMessageScheduler(),
            (_, cfg) => cfg.Host(h => h.Route("reports", new Uri("http://orders.test/qstash/reports")))));
        var orders = await cloud.StartServiceAsync("orders", AddReports);
        await billing.Recur(x => x.ScheduleRecurringSend(new Uri("queue:reports"), new Recurring("daily", "0 9 * * *", end: cloud.Clock.GetUtcNow().AddDays(3)), new OrderSubmitted("1"), Cancellation));

        await cloud.AdvanceAsync(TimeSpan.FromDays(6));

        Assert.Equal(3, orders.Observed.Messages<OrderSubmitted>().Count);
        Assert.Single(await ScheduleIds(cloud));
        Assert.Contains(orders.Log.Lines, line => line.Contains("billing.test", StringComparison.Ordinal) && line.Contains("ended at", StringComparison.Ordinal));
        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task Without_an_envelope_cannot_begin_or_end()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(
            x =>
            {
                x.AddQStashMessageScheduler();
                x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "reports");
            },
            (_, cfg) => cfg.UseRawJsonSerializer()));

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => orders.Recur(x =>
            x.ScheduleRecurringSend(new Uri("http://orders.test/qstash/reports"), new Recurring("daily", "0 9 * * *", end: cloud.Clock.GetUtcNow().AddDays(3)), new OrderSubmitted("1"), Cancellation)));

        Assert.Contains("EndTime", exception.Message, StringComparison.Ordinal);
        Assert.Contains("application/json", exception.Message, StringComparison.Ordinal);
        Assert.Empty(await ScheduleIds(cloud));
    }

    static async Task<int> DeliverTick(Cloud cloud, Service service, byte[] body, string scheduleId)
    {
        var delivery = Delivery.Of(cloud, "http://orders.test/qstash/reports", System.Text.Encoding.UTF8.GetString(body));
        using var http = new HttpClient();
        using var request = delivery.To(new Uri(service.LocalAddress, "/qstash/reports"), delivery.Sign());
        request.Content!.Headers.ContentType = new("application/vnd.masstransit+json");
        request.Headers.Add("Upstash-Schedule-Id", scheduleId);
        using var response = await http.SendAsync(request, Cancellation);

        return (int)response.StatusCode;
    }

    // QStash has neither start nor end: where no endpoint of this transport is known to be, nobody would keep to them.
    [Theory]
    [InlineData("https://example.com/hook", false)]
    [InlineData("http://billing.test/qstash/reports", false)]
    [InlineData("http://billing.test/qstash/routed", true)]
    [InlineData("queue:routed", true)]
    [InlineData("http://orders.test/qstash/reports", true)]
    public async Task Begins_and_ends_only_where_an_endpoint_is_known_to_be(string address, bool isKnown)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddQStashMessageScheduler(),
            (_, cfg) => cfg.Host(h => h.Route("routed", new Uri("http://billing.test/qstash/routed")))));

        var exception = await Record.ExceptionAsync(() => orders.Recur(x => x.ScheduleRecurringSend(new Uri(address),
            new Recurring("daily", "0 9 * * *", end: cloud.Clock.GetUtcNow().AddDays(3)), new OrderSubmitted("42"), Cancellation)));

        Assert.Equal(isKnown ? 1 : 0, (await cloud.Client.Schedules.ListAsync(Cancellation)).Count);
        if (isKnown)
            Assert.Null(exception);
        else
            Assert.Contains("EndTime", Assert.IsType<ArgumentException>(exception).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_was_made_before_the_end_arrives_after_it()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddReports);
        var now = cloud.Clock.GetUtcNow();
        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("daily", "0 9 * * *", "UTC", end: now.AddHours(9)), new OrderSubmitted("1"),
            Pipe.Execute<SendContext<OrderSubmitted>>(context => context.Delay = TimeSpan.FromMinutes(5)), Cancellation));

        await cloud.AdvanceAsync(TimeSpan.FromHours(10));

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task That_would_never_come_is_refused()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddReports);

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => orders.Recur(x =>
            x.ScheduleRecurringSend(Reports, new Recurring("daily", "0 9 * * *", end: cloud.Clock.GetUtcNow()), new OrderSubmitted("1"), Cancellation)));

        Assert.Contains("EndTime", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goes_through_the_send_pipeline_and_can_say_how_it_is_delivered()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(
            x =>
            {
                x.AddQStashMessageScheduler();
                x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "reports");
            },
            (_, cfg) => cfg.ConfigureSend(x => x.UseExecute(context => context.Headers.Set("Tenant", "acme")))));
        var sends = new SendCounter();
        using var handle = orders.Bus.ConnectSendObserver(sends);

        await orders.Recur(x => x.ScheduleRecurringSend(Reports, new Recurring("daily", "0 9 * * *"), new OrderSubmitted("1"),
            Pipe.Execute<SendContext<OrderSubmitted>>(context => context.UseQStash(d =>
            {
                d.Retries = 7;
                d.Labels.Add("report");
                d.FifoQueue = "slow";
            })), Cancellation));
        await cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal("acme", Assert.Single(orders.Observed.Contexts<OrderSubmitted>()).Headers.Get<string>("Tenant"));
        Assert.Equal(1, sends.Sent);
        var schedule = Assert.Single(await cloud.Client.Schedules.ListAsync(Cancellation));
        Assert.Equal(7, schedule.Retries);
        Assert.Equal(["report"], schedule.Labels);
        Assert.Equal("slow", schedule.Queue);
    }

    [Fact]
    public async Task Is_scheduled_by_each_way_MassTransit_has()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddReports);
        await cloud.StartServiceAsync("zoo", s => s.AddBus(x => x.AddConsumer<Recorder<IAnimal>>()));
        var message = new OrderSubmitted("42");
        var values = new { Name = "Rex" };
        var ofType = Pipe.Execute<SendContext<OrderSubmitted>>(context => context.UseQStash(d => d.Labels.Add("piped")));
        var ofAnimal = Pipe.Execute<SendContext<IAnimal>>(context => context.UseQStash(d => d.Labels.Add("piped")));
        var ofAny = Pipe.Execute<SendContext>(context => context.UseQStash(d => d.Labels.Add("piped")));
        (bool Piped, Func<IRecurringMessageScheduler, RecurringSchedule, Task> Schedule)[] ways =
        [
            (false, (x, s) => x.ScheduleRecurringSend(Reports, s, message, Cancellation)),
            (true, (x, s) => x.ScheduleRecurringSend(Reports, s, message, ofType, Cancellation)),
            (true, (x, s) => x.ScheduleRecurringSend(Reports, s, message, ofAny, Cancellation)),
            (false, (x, s) => x.ScheduleRecurringSend(Reports, s, (object)message, Cancellation)),
            (false, (x, s) => x.ScheduleRecurringSend(Reports, s, message, typeof(OrderSubmitted), Cancellation)),
            (true, (x, s) => x.ScheduleRecurringSend(Reports, s, (object)message, ofAny, Cancellation)),
            (true, (x, s) => x.ScheduleRecurringSend(Reports, s, message, typeof(OrderSubmitted), ofAny, Cancellation)),
            (false, (x, s) => x.ScheduleRecurringSend<IAnimal>(Reports, s, values, Cancellation)),
            (true, (x, s) => x.ScheduleRecurringSend<IAnimal>(Reports, s, values, ofAnimal, Cancellation)),
            (true, (x, s) => x.ScheduleRecurringSend<IAnimal>(Reports, s, values, ofAny, Cancellation)),
            (false, (x, s) => x.ScheduleRecurringPublish(s, message, Cancellation)),
            (true, (x, s) => x.ScheduleRecurringPublish(s, message, ofType, Cancellation)),
            (true, (x, s) => x.ScheduleRecurringPublish(s, message, ofAny, Cancellation)),
            (false, (x, s) => x.ScheduleRecurringPublish(s, (object)message, Cancellation)),
            (false, (x, s) => x.ScheduleRecurringPublish(s, message, typeof(OrderSubmitted), Cancellation)),
            (true, (x, s) => x.ScheduleRecurringPublish(s, (object)message, ofAny, Cancellation)),
            (true, (x, s) => x.ScheduleRecurringPublish(s, message, typeof(OrderSubmitted), ofAny, Cancellation)),
            (false, (x, s) => x.ScheduleRecurringPublish<IAnimal>(s, values, Cancellation)),
            (true, (x, s) => x.ScheduleRecurringPublish<IAnimal>(s, values, ofAnimal, Cancellation)),
            (true, (x, s) => x.ScheduleRecurringPublish<IAnimal>(s, values, ofAny, Cancellation)),
        ];
        Assert.Equal(typeof(IRecurringMessageScheduler).GetMethods().Count(x => !x.Name.EndsWith("ScheduledRecurringSend", StringComparison.Ordinal)), ways.Length);

        for (var way = 0; way < ways.Length; way++)
            await orders.Recur(x => ways[way].Schedule(x, new Recurring($"{way:00}", "0 9 * * *", group: "")));

        var schedules = (await cloud.Client.Schedules.ListAsync(Cancellation)).OrderBy(x => x.ScheduleId, StringComparer.Ordinal).ToArray();
        Assert.Equal(Enumerable.Range(0, ways.Length).Select(way => $"_.{way:00}"), schedules.Select(x => x.ScheduleId[..4]));
        Assert.Equal(ways.Select(x => x.Piped), schedules.Select(x => x.Labels is ["piped"]));
    }

    sealed class CustomSerializer : ISerializerFactory
    {
        public ContentType ContentType { get; } = new("application/vnd.example+json");

        public IMessageSerializer CreateSerializer() => new SystemTextJsonMessageSerializer(ContentType);
        public IMessageDeserializer CreateDeserializer() => new SystemTextJsonMessageSerializer(ContentType);
    }

    sealed class SendCounter : ISendObserver
    {
        public int Sent { get; private set; }

        public Task PreSend<T>(SendContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PostSend<T>(SendContext<T> context)
            where T : class
        {
            Sent++;

            return Task.CompletedTask;
        }

        public Task SendFault<T>(SendContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;
    }
}
