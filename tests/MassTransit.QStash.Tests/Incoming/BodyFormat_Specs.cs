using MassTransit.MessageData;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Whatever a serializer makes of a message, between two services, in each way a message can go.
/// </summary>
public class A_body_of_any_format
{
    public interface IPriced
    {
        decimal Price { get; }
    }

    public class Offer : IPriced
    {
        public string Name { get; set; } = "";
        public decimal Price { get; set; }
        public DateTime At { get; set; }
        public DateTimeOffset Until { get; set; }
        public long Balance { get; set; }
        public Guid Id { get; set; }
        public Uri? Address { get; set; }
        public List<string> Tags { get; set; } = [];
    }

    public class Document
    {
        public MessageData<string>? Text { get; set; }
    }

    public class Question
    {
        public string Text { get; set; } = "";
    }

    public class Answer
    {
        public string Text { get; set; } = "";
    }

    static readonly Offer Sent = new()
    {
        Name = "Zoë 世界 \"quoted\" \u0000",
        Price = -1234567.891m,
        At = new DateTime(2026, 2, 3, 4, 5, 6, 789, DateTimeKind.Utc),
        Until = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.FromHours(5.5)),
        Balance = long.MinValue,
        Id = new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"),
        Address = new Uri("https://example.com/a%20b?c=d#e"),
        Tags = ["a", "ü", ""],
    };

    public static TheoryData<string> Formats() => new(BodyFormats.All);

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Goes_to_an_endpoint_to_subscribers_of_a_base_type_and_through_a_schedule(string format)
    {
        await using var cloud = await Cloud.StartAsync();
        var (shop, customers) = await StartAsync(cloud, format);
        var scheduler = shop.Services.CreateScope().ServiceProvider.GetRequiredService<IMessageScheduler>();

        await shop.Send("http://customers.test/qstash/offers", Sent);
        await shop.Publish(Sent);
        await scheduler.SchedulePublish(cloud.Clock.GetUtcNow().UtcDateTime.AddHours(1), Sent, Cancellation);
        await cloud.AdvanceAsync(TimeSpan.FromHours(2));

        AssertOffers(3, customers.Observed.Messages<Offer>());
        var prices = customers.Observed.Contexts<IPriced>().Where(context => context is not ConsumeContext<Offer>);
        Assert.Equal([Sent.Price, Sent.Price], prices.Select(context => context.Message.Price));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Is_redelivered_and_fails_with_a_fault_that_holds_it(string format)
    {
        await using var cloud = await Cloud.StartAsync();
        var (shop, customers) = await StartAsync(cloud, format, cfg => cfg.ReceiveEndpoint("failing", e =>
        {
            e.ConfigureConsumeTopology = false;
            e.UseDelayedRedelivery(r => r.Interval(2, TimeSpan.FromMinutes(1)));
            e.Handler<Offer>(_ => throw new InvalidOperationException("No."));
        }));

        await shop.Send("http://customers.test/qstash/failing", Sent);
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(5));

        AssertOffers(1, customers.Observed.Messages<Fault<Offer>>().Select(fault => fault.Message));
        var deadLetters = customers.Services.GetRequiredService<IQStashDeadLetters>();
        Assert.Single(await deadLetters.ListAsync(cancellationToken: Cancellation)
            .ToListAsync(Cancellation));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Carries_a_question_and_its_answer(string format)
    {
        await using var cloud = await Cloud.StartAsync();
        var (shop, _) = await StartAsync(cloud, format);

        var answer = await shop.Request<Question, Answer>(new Question { Text = "Zoë?" });

        Assert.Equal("Zoë?!", answer.Message.Text);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Waits_in_an_outbox_as_text(string format)
    {
        await using var cloud = await Cloud.StartAsync();
        var (shop, customers) = await StartAsync(cloud, format);

        await using (var scope = shop.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(Sent, Cancellation);
            await scope.ServiceProvider.GetRequiredService<IMessageScheduler>()
                .SchedulePublish(cloud.Clock.GetUtcNow().UtcDateTime.AddHours(1), Sent, Cancellation);
        }

        await shop.Services.GetRequiredService<BusOutbox>().SendAsync();
        await cloud.AdvanceAsync(TimeSpan.FromHours(2));

        AssertOffers(2, customers.Observed.Messages<Offer>());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Refers_to_what_is_stored_elsewhere(string format)
    {
        await using var cloud = await Cloud.StartAsync();
        var (shop, customers) = await StartAsync(cloud, format);
        var text = new string('ü', 20_000);
        var stored = await Repository.PutString(text, Cancellation);

        await shop.Publish(new Document { Text = stored });
        await cloud.WaitUntilIdleAsync();

        var received = Assert.Single(customers.Observed.Messages<Document>());
        Assert.Equal(text, await received.Text!.Value);
    }

    static InMemoryMessageDataRepository Repository { get; } = new();

    static async Task<(Service Shop, Service Customers)> StartAsync(Cloud cloud, string format,
        Action<IQStashBusFactoryConfigurator>? configure = null)
    {
        var customers = await cloud.StartServiceAsync("customers", s => s.AddBus(x =>
        {
            x.AddConsumer<Recorder<Offer>>().Endpoint(e => e.Name = "offers");
            x.AddConsumer<Recorder<IPriced>>().Endpoint(e => e.Name = "prices");
            x.AddConsumer<Recorder<Fault<Offer>>>().Endpoint(e => e.Name = "faults");
            x.AddConsumer<Recorder<Document>>().Endpoint(e => e.Name = "documents");
            x.AddHandler(async (ConsumeContext<Question> context) =>
                await context.RespondAsync(new Answer { Text = context.Message.Text + "!" }));
        }, (_, cfg) =>
        {
            BodyFormats.Use(cfg, format);
            cfg.UseMessageData(Repository);
            configure?.Invoke(cfg);
        }));
        var shop = await cloud.StartServiceAsync("shop", s =>
        {
            s.AddBus(x =>
            {
                x.AddQStashMessageScheduler();
                x.AddRequestClient<Question>();
            }, (_, cfg) =>
            {
                BodyFormats.Use(cfg, format);
                cfg.UseMessageData(Repository);
            });
            if (TestContext.Current.TestMethod?.MethodName == nameof(Waits_in_an_outbox_as_text))
                BusOutbox.Use(s.Services);
        });

        return (shop, customers);
    }

    static void AssertOffers(int count, IEnumerable<Offer> offers)
    {
        var all = offers.ToArray();

        Assert.Equal(count, all.Length);
        Assert.All(all, offer =>
        {
            Assert.Equal(Sent.Name, offer.Name);
            Assert.Equal(Sent.Price, offer.Price);
            Assert.Equal(Sent.At, offer.At.ToUniversalTime());
            Assert.Equal(Sent.Until, offer.Until);
            Assert.Equal(Sent.Balance, offer.Balance);
            Assert.Equal(Sent.Id, offer.Id);
            Assert.Equal(Sent.Address, offer.Address);
            Assert.Equal(Sent.Tags, offer.Tags);
        });
    }
}
