using System.Collections.Concurrent;
using System.Net;
using MassTransit.QStash.Tests.Support;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Schedules that are declared with the bus: what QStash has is read, and only differences are written.
/// </summary>
public class A_declared_schedule
{
    public class DailyReport
    {
        public string? Region { get; set; }
    }

    public interface INightlyCleanup
    {
        Guid Id { get; }
    }

    /// <summary>Notes the calls to the schedules of the QStash API.</summary>
    sealed class ApiCalls : DelegatingHandler
    {
        public required ConcurrentQueue<string> Calls { get; init; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath.StartsWith("/v2/schedules", StringComparison.Ordinal))
                Calls.Enqueue($"{request.Method} {(request.Method == HttpMethod.Post ? "" : request.RequestUri.AbsolutePath)}".TrimEnd());

            return base.SendAsync(request, cancellationToken);
        }
    }

    static Task<Service> StartAsync(Cloud cloud, Action<IQStashSchedulesConfigurator> schedules, ConcurrentQueue<string>? calls = null,
        Action<IBusRegistrationConfigurator>? register = null, string name = "orders", Action<ServiceBuilder>? service = null) =>
        cloud.StartServiceAsync(name, s =>
        {
            s.AddBus(x =>
            {
                x.AddQStashMessageScheduler();
                x.AddConsumer<Recorder<DailyReport>>().Endpoint(e => e.Name = "reports");
                register?.Invoke(x);
            }, (_, cfg) =>
            {
                cfg.Host(h => h.ServiceName(name));
                cfg.Schedules(schedules);
            });

            service?.Invoke(s);

            if (calls is not null)
                s.InterceptApi(() => new ApiCalls { Calls = calls });
        });

    static async Task<IReadOnlyList<QStashSchedule>> Schedules(Cloud cloud) => await cloud.Client.Schedules.ListAsync(Cancellation);

    [Fact]
    public async Task Is_deployed_when_the_bus_starts_and_publishes_its_message()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, s => s.Cron<DailyReport>("daily-report", "0 9 * * *", "Europe/Berlin"));

        var schedule = Assert.Single(await Schedules(cloud));
        Assert.Equal("CRON_TZ=Europe/Berlin 0 9 * * *", schedule.Cron);
        Assert.StartsWith("orders_.daily-report", schedule.ScheduleId, StringComparison.Ordinal);

        await cloud.AdvanceAsync(TimeSpan.FromDays(3));
        Assert.Equal(3, orders.Observed.Messages<DailyReport>().Count);
    }

    [Fact]
    public async Task Without_a_time_zone_is_named_among_the_risks_when_the_bus_starts()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, s =>
        {
            s.Cron<DailyReport>("in-utc-by-chance", "0 9 * * *", null);
            s.Cron<DailyReport>("in-utc-on-purpose", "0 9 * * *", "UTC");
        });

        var warning = Assert.Single(orders.Log.StartReports, report => report.Text.Contains("no time zone", StringComparison.Ordinal)).Text;
        Assert.Contains("schedule in-utc-by-chance", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sends_what_it_is_told_where_it_is_told()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, s => s.Cron<DailyReport>("daily-report", "0 9 * * *", "Europe/Berlin", x =>
        {
            x.Message(() => new DailyReport { Region = "North" });
            x.Destination(new Uri("queue:reports"));
            x.ConfigureSend(context => context.UseQStash(d => d.Retries = 7));
        }));

        var schedule = Assert.Single(await Schedules(cloud));
        Assert.Equal("http://orders.test/qstash/reports", schedule.Destination);
        Assert.Equal(7, schedule.Retries);

        await cloud.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal("North", Assert.Single(orders.Observed.Messages<DailyReport>()).Region);
    }

    [Fact]
    public async Task May_be_of_an_interface()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, s => s.Cron<INightlyCleanup>("cleanup", "0 3 * * *", "UTC"), register: x => x.AddConsumer<Recorder<INightlyCleanup>>());

        await cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Single(orders.Observed.Messages<INightlyCleanup>());
    }

    [Fact]
    public async Task Is_left_alone_by_the_next_deployment_if_it_is_the_same()
    {
        await using var cloud = await Cloud.StartAsync();
        var calls = new ConcurrentQueue<string>();
        var first = await StartAsync(cloud, Declare);
        await cloud.Client.Schedules.PauseAsync((await Schedules(cloud))[0].ScheduleId, Cancellation);
        await first.StopAsync();
        cloud.Clock.Advance(TimeSpan.FromDays(1));

        await StartAsync(cloud, Declare, calls);

        Assert.Equal(["GET /v2/schedules"], calls);
        Assert.True(Assert.Single(await Schedules(cloud)).IsPaused);

        static void Declare(IQStashSchedulesConfigurator s) => s.Cron<DailyReport>("daily-report", "0 9 * * *", "Europe/Berlin", x =>
        {
            x.Message(() => new DailyReport { Region = "North" });
            x.Destination(new Uri("queue:reports"));
            // What it says is no business of the QStash console, nor is it needed to tell a difference.
            x.ConfigureSend(context => context.UseQStash(d => d.RedactFields.Add("body")));
        });
    }

    public static TheoryData<string> Changes() => ["cron", "zone", "message", "destination", "retries", "header", "end"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Is_updated_by_the_next_deployment_if_it_differs(string change)
    {
        await using var cloud = await Cloud.StartAsync();
        var calls = new ConcurrentQueue<string>();
        var end = cloud.Clock.GetUtcNow().AddYears(1);
        var first = await StartAsync(cloud, s => Declare(s, null));
        await cloud.Client.Schedules.PauseAsync("orders_.daily-report", Cancellation);
        await first.StopAsync();

        await StartAsync(cloud, s => Declare(s, change), calls);

        // Nothing of the other schedule; and what was paused is paused again, for an overwrite resumes it.
        Assert.Equal(["GET /v2/schedules", "POST", "PATCH /v2/schedules/orders_.daily-report/pause"], calls);
        Assert.Equal(2, (await Schedules(cloud)).Count);
        Assert.True((await Schedules(cloud)).Single(x => x.ScheduleId == "orders_.daily-report").IsPaused);

        void Declare(IQStashSchedulesConfigurator s, string? changed)
        {
            s.Cron<DailyReport>("hourly-report", "0 * * * *", "Europe/Berlin");
            s.Cron<DailyReport>("daily-report", changed == "cron" ? "0 10 * * *" : "0 9 * * *", changed == "zone" ? "America/New_York" : "Europe/Berlin", x =>
            {
                x.Message(() => new DailyReport { Region = changed == "message" ? "South" : "North" });
                x.Destination(new Uri(changed == "destination" ? "http://orders.test/qstash/other" : "queue:reports"));
                if (changed == "end")
                    x.EndTime(end);
                x.ConfigureSend(context =>
                {
                    context.UseQStash(d => d.Retries = changed == "retries" ? 2 : 1);
                    context.Headers.Set("Tenant", changed == "header" ? "b" : "a");
                });
            });
        }
    }

    [Fact]
    public async Task That_is_declared_no_more_is_reported_and_goes_on()
    {
        await using var cloud = await Cloud.StartAsync();
        var first = await StartAsync(cloud, s =>
        {
            s.Cron<DailyReport>("daily-report", "0 9 * * *", "Europe/Berlin");
            s.Cron<DailyReport>("weekly-report", "0 9 * * MON", "Europe/Berlin");
        });
        await first.StopAsync();

        var second = await StartAsync(cloud, s => s.Cron<DailyReport>("daily-report", "0 9 * * *", "Europe/Berlin"));

        Assert.Equal(2, (await Schedules(cloud)).Count);
        Assert.Contains("weekly-report", Assert.Single(second.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_is_declared_no_more_is_removed_when_asked_and_nobody_elses()
    {
        await using var cloud = await Cloud.StartAsync();
        var first = await StartAsync(cloud, s =>
        {
            s.Cron<DailyReport>("daily-report", "0 9 * * *", "Europe/Berlin");
            s.Cron<DailyReport>("weekly-report", "0 9 * * MON", "Europe/Berlin", x => x.Destination(new Uri("queue:reports")));
        });
        // One made at run time in the same group, one of another service, one of who knows whom.
        await first.Recur(x => x.ScheduleRecurringSend(new Uri("queue:reports"), new Recurring("own", "0 9 * * *", group: "orders"), new DailyReport(), Cancellation));
        await StartAsync(cloud, s => s.Cron<DailyReport>("weekly-report", "0 9 * * MON", "Europe/Berlin", x => x.Destination(new Uri("queue:reports"))), name: "orders.shop");
        await cloud.Client.Schedules.CreateAsync(new() { Destination = "https://example.com", Cron = "CRON_TZ=UTC 0 9 * * *", ScheduleId = "orders" }, Cancellation);
        await first.StopAsync();

        await StartAsync(cloud, s => s.RemoveUndeclared());

        Assert.Equal(["orders", "orders.shop_.weekly-report", "orders_.own"],
            (await Schedules(cloud)).Select(x => x.ScheduleId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Is_paused_by_the_name_of_the_service()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, s => s.Cron<DailyReport>("daily-report", "0 9 * * *", "Europe/Berlin"));

        await orders.Recur(x => x.PauseScheduledRecurringSend("daily-report", "orders"));

        Assert.True(Assert.Single(await Schedules(cloud)).IsPaused);
    }

    [Fact]
    public async Task Is_not_deployed_where_deployment_is_off()
    {
        await using var cloud = await Cloud.StartAsync();
        var calls = new ConcurrentQueue<string>();

        await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(null, (_, cfg) =>
            {
                cfg.Host(h => h.DeployTopology(false));
                cfg.Schedules(x => x.Cron<DailyReport>("daily-report", "0 9 * * *", null, y => y.Destination(new Uri("http://orders.test/qstash/reports"))));
            });
            s.InterceptApi(() => new ApiCalls { Calls = calls });
        });

        Assert.Empty(calls);
        Assert.Empty(await Schedules(cloud));
    }

    [Fact]
    public async Task Of_a_further_bus_is_its_own()
    {
        await using var cloud = await Cloud.StartAsync();
        var service = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(null, (_, cfg) => cfg.Schedules(x =>
            {
                x.RemoveUndeclared();
                x.Cron<DailyReport>("daily-report", "0 9 * * *", "Europe/Berlin", y => y.Destination(new Uri("http://orders.test/qstash/reports")));
            }));
            s.Services.AddMassTransit<IBillingBus>(x => x.UsingQStash((_, cfg) =>
            {
                s.UseCloud(cfg);
                cfg.Schedules(y =>
                {
                    y.RemoveUndeclared();
                    y.Cron<DailyReport>("daily-report", "0 9 * * *", "Europe/Berlin", z => z.Destination(new Uri("http://orders.test/qstash/reports")));
                });
            }));
        });

        await service.Services.GetRequiredService<IBusInstance<IBillingBus>>().BusControl.WaitForHealthStatus(BusHealthStatus.Healthy, Cancellation);

        Assert.Equal(2, (await Schedules(cloud)).Count);
    }

    public interface IBillingBus : IBus;

    [Fact]
    public async Task Is_deployed_too_by_a_bus_that_deploys_only_its_topology()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) =>
        {
            cfg.DeployTopologyOnly = true;
            cfg.Schedules(x => x.Cron<DailyReport>("daily-report", "0 9 * * *", null, y => y.Destination(new Uri("http://orders.test/qstash/reports"))));
        }));
        await orders.StopAsync();

        Assert.Single(await Schedules(cloud));
    }

    [Fact]
    public async Task That_has_ended_is_gone()
    {
        await using var cloud = await Cloud.StartAsync();
        var end = cloud.Clock.GetUtcNow().AddDays(1);
        var first = await StartAsync(cloud, s => s.Cron<DailyReport>("daily-report", "0 9 * * *", null, x => x.EndTime(end)));
        Assert.Single(await Schedules(cloud));
        await first.StopAsync();
        cloud.Clock.Advance(TimeSpan.FromDays(2));

        await StartAsync(cloud, s => s.Cron<DailyReport>("daily-report", "0 9 * * *", null, x => x.EndTime(end)));

        Assert.Empty(await Schedules(cloud));
    }

    [Fact]
    public async Task That_cannot_be_deployed_keeps_neither_the_bus_nor_the_others_from_starting()
    {
        await using var cloud = await Cloud.StartAsync();

        var orders = await StartAsync(cloud, s =>
        {
            s.Cron<OrderSubmitted>("nobody-listens", "0 9 * * *", "Europe/Berlin", x => x.Message(() => new OrderSubmitted("42")));
            s.Cron<DailyReport>("daily-report", "0 9 * * *", "Europe/Berlin");
        });

        Assert.Single(await Schedules(cloud));
        Assert.Contains(orders.Log.Warnings, x => x.Contains("nobody-listens", StringComparison.Ordinal) && x.Contains("subscribe", StringComparison.Ordinal));
    }

    [Fact]
    public async Task That_is_not_deployed_shows_in_the_health_and_is_tried_again_until_it_is()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, s => s.Cron<OrderSubmitted>("nobody-listens", "0 9 * * *", "Europe/Berlin", x => x.Message(() => new OrderSubmitted("42"))),
            service: s => s.Services.AddHealthChecks().AddQStash());

        var entry = (await Check(orders)).Entries["qstash"];
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("nobody-listens", entry.Description, StringComparison.Ordinal);
        Assert.Contains("x.Destination(", entry.Description, StringComparison.Ordinal);

        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>()));
        await orders.Log.WaitForAsync("All schedules are as declared now");

        Assert.Equal(HealthStatus.Healthy, (await Check(orders)).Entries["qstash"].Status);
        Assert.Single(await Schedules(cloud));
        // However often it was tried.
        Assert.Single(orders.Log.Warnings, x => x.StartsWith("The schedule nobody-listens is not as declared", StringComparison.Ordinal));
    }

    public interface IPing;

    public interface ITimed : IPing
    {
        string? Id { get; }
    }

    public record Ping(string? Id = null) : ITimed;

    [Fact]
    public async Task That_QStash_takes_in_part_gets_the_other_parts_when_somebody_subscribes()
    {
        await using var cloud = await Cloud.StartAsync();
        var made = 0;
        var audit = await cloud.StartServiceAsync("audit", s => s.AddBus(x => x.AddConsumer<Recorder<ITimed>>()));
        var orders = await StartAsync(cloud, s => s.Cron<Ping>("ping", "0 * * * *", "UTC", x => x.Message(() => new Ping($"made {++made} times"))),
            service: s => s.Services.AddHealthChecks().AddQStash());

        Assert.EndsWith("ITimed", Assert.Single(await Schedules(cloud)).Destination, StringComparison.Ordinal);

        // The type itself has no subscriber, and that is worth a look.
        var entry = (await Check(orders)).Entries["qstash"];
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("ping", entry.Description, StringComparison.Ordinal);
        Assert.Contains(".A_declared_schedule_Ping", entry.Description, StringComparison.Ordinal);

        var pings = await cloud.StartServiceAsync("pings", s => s.AddBus(x => x.AddConsumer<Recorder<Ping>>()));
        await orders.Log.WaitForAsync("The schedule ping goes to MassTransit.QStash.Tests.A_declared_schedule_IPing too");
        await cloud.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal(2, pings.Observed.Messages<Ping>().Count);

        // Nobody subscribes to the interface above, as is usual with interfaces. It shows, and is no reason to worry.
        entry = (await Check(orders)).Entries["qstash"];
        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Contains("IPing", entry.Description, StringComparison.Ordinal);

        var all = await cloud.StartServiceAsync("all", s => s.AddBus(x => x.AddConsumer<Recorder<IPing>>()));
        await orders.Log.WaitForAsync("All schedules are as declared now");
        await cloud.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal(2, all.Observed.Messages<IPing>().Count);
        Assert.Equal(4, pings.Observed.Messages<Ping>().Count);
        Assert.DoesNotContain("IPing", (await Check(orders)).Entries["qstash"].Description!, StringComparison.Ordinal);

        // What was there was left alone, though the message is another one each time it is made.
        Assert.True(made > 1);
        Assert.All(audit.Observed.Messages<ITimed>(), message => Assert.Equal("made 1 times", message.Id));
    }

    [Fact]
    public async Task That_waits_for_a_subscriber_leaves_alone_what_a_later_version_has_deployed_meanwhile()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("audit", s => s.AddBus(x => x.AddConsumer<Recorder<ITimed>>()));
        var first = await StartAsync(cloud, s => s.Cron<Ping>("ping", "0 9 * * *", "UTC", x => x.Message(() => new Ping("first"))));
        var second = await StartAsync(cloud, s => s.Cron<Ping>("ping", "0 8 * * *", "UTC", x => x.Message(() => new Ping("second"))));

        await cloud.StartServiceAsync("pings", s => s.AddBus(x => x.AddConsumer<Recorder<Ping>>()));
        await first.Log.WaitForAsync("was changed by somebody else");
        await second.Log.WaitForAsync("too, once somebody subscribes");

        Assert.Equal(["0 8 * * *", "0 8 * * *"], (await Schedules(cloud)).Select(x => x.Cron));
    }

    [Fact]
    public async Task Shows_in_the_health_while_QStash_refuses_all_of_them()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, s => s.Cron<DailyReport>("daily-report", "0 9 * * *", "Europe/Berlin", x => x.Destination(new Uri("queue:reports"))),
            service: s =>
            {
                s.Services.AddHealthChecks().AddQStash();
                s.InterceptApi(() => new NoSchedules());
            });

        var entry = (await Check(orders)).Entries["qstash"];

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("daily-report", entry.Description, StringComparison.Ordinal);
        Assert.Contains("no schedules for you", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_written_again_over_a_later_version_while_another_one_is_tried_again()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, s =>
        {
            s.RemoveUndeclared();
            s.Cron<OrderSubmitted>("nobody-listens", "0 9 * * *", "Europe/Berlin", x => x.Message(() => new OrderSubmitted("42")));
            s.Cron<DailyReport>("daily-report", "0 9 * * *", "Europe/Berlin", x => x.Destination(new Uri("queue:reports")));
        });

        await StartAsync(cloud, s =>
        {
            s.Cron<DailyReport>("daily-report", "0 8 * * *", "Europe/Berlin", x => x.Destination(new Uri("queue:reports")));
            s.Cron<DailyReport>("monthly-report", "0 9 1 * *", "Europe/Berlin", x => x.Destination(new Uri("queue:reports")));
        });
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>()));
        await orders.Log.WaitForAsync("All schedules are as declared now");

        Assert.Equal(["CRON_TZ=Europe/Berlin 0 8 * * *", "CRON_TZ=Europe/Berlin 0 9 * * *", "CRON_TZ=Europe/Berlin 0 9 1 * *"],
            (await Schedules(cloud)).Select(x => x.Cron).Order(StringComparer.Ordinal));
    }

    static Task<HealthReport> Check(Service service) => service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);

    sealed class NoSchedules : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.RequestUri!.AbsolutePath.StartsWith("/v2/schedules", StringComparison.Ordinal)
                ? new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("""{ "error": "no schedules for you" }""") }
                : await base.SendAsync(request, cancellationToken);
    }

    [Fact]
    public async Task Is_deployed_as_soon_as_QStash_is_back()
    {
        await using var cloud = await Cloud.StartAsync();
        var outage = new Outage();
        var deployed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(null, (_, cfg) => cfg.Schedules(x => x.Cron<DailyReport>("daily-report", "0 9 * * *", null, y => y.Destination(new Uri("http://orders.test/qstash/reports")))));
            s.InterceptApi(() => outage);
            outage.OnPost = () => deployed.TrySetResult();
        });
        Assert.Empty(await Schedules(cloud));

        outage.IsOver = true;
        await deployed.Task.WaitAsync(Cancellation);
    }

    sealed class Outage : DelegatingHandler
    {
        public volatile bool IsOver;

        public Action? OnPost { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // Longer than the client waits by itself (S3).
            if (!IsOver)
                return new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { { "Burst-RateLimit-Reset", "4102444800" } } };

            var response = await base.SendAsync(request, cancellationToken);

            if (request.Method == HttpMethod.Post)
                OnPost!();

            return response;
        }
    }

    public static TheoryData<Action<IQStashSchedulesConfigurator>, string, string> Mistakes() => new()
    {
        { s => s.Cron<DailyReport>("daily", "0 9 * *"), "Schedules(daily)", "five fields" },
        { s => s.Cron<DailyReport>("daily", "0 9 * * *", "Mars/Olympus"), "Schedules(daily)", "time zone" },
        { s => s.Cron<DailyReport>("", "0 9 * * *", "UTC"), "Schedules()", "ScheduleId" },
        { s => s.Cron<OrderSubmitted>("daily", "0 9 * * *", "UTC"), "Schedules(daily)", "Message" },
        { s => s.Cron<DailyReport>("daily", "0 9 * * *", null, x => x.Destination(new Uri("rabbitmq://host/queue"))), "Schedules(daily)", "queue:" },
        { s => s.Cron<DailyReport>("daily", "0 9 * * *", null, x => x.Destination(new Uri("queue:a b"))), "Schedules(daily)", "letters" },
        { s => { s.Cron<DailyReport>("daily", "0 9 * * *", "UTC"); s.Cron<DailyReport>("daily", "0 8 * * *", "UTC"); }, "Schedules(daily)", "two schedules" },
        { s => s.Cron<DailyReport>("daily", "0 9 * * *", null, x => { x.StartTime(DateTimeOffset.MaxValue); x.EndTime(DateTimeOffset.MaxValue); }), "Schedules(daily)", "EndTime" },
        { s => s.Cron<DailyReport>("daily", "0 9 * * *", null, x => { x.Destination(new Uri("https://example.com/hook")); x.EndTime(DateTimeOffset.MaxValue); }), "Schedules(daily)", "h.Route" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task That_cannot_work_keeps_the_bus_from_being_built(Action<IQStashSchedulesConfigurator> declare, string setting, string reason)
    {
        await using var cloud = await Cloud.StartAsync();

        var exception = Assert.Throws<ConfigurationException>(() => cloud.Build("orders", s => s.AddBus(null, (_, cfg) => cfg.Schedules(declare))));

        Assert.Contains(setting, exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }
}
