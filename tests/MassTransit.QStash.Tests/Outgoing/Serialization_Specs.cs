using System.Security.Cryptography;
using System.Text;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>
/// A serializer of one's own whose bodies are anything but text: MassTransit's envelope, encrypted.
/// </summary>
public class A_serializer_of_binary_bodies
{
    [Fact]
    public async Task Works_both_ways_for_sends_and_polymorphic_publishes()
    {
        await using var cloud = await Cloud.StartAsync();
        var zoo = await cloud.StartServiceAsync("zoo", s => s.AddBus(
            x =>
            {
                x.AddConsumer<Recorder<Animal>>().Endpoint(e => e.Name = "animals");
                x.AddConsumer<Recorder<Dog>>().Endpoint(e => e.Name = "dogs");
            },
            (_, cfg) => UseEncryption(cfg)));

        await zoo.Publish(new Dog("Rex"));
        await zoo.Send("queue:dogs", new Dog("Bello"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["Bello", "Rex"], zoo.Observed.Messages<Dog>().Select(x => x.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["Rex"], zoo.Observed.Messages<Animal>().Where(x => x is not Dog).Select(x => x.Name));
        Assert.All(zoo.Observed.Contexts<Dog>(), x => Assert.Equal(EncryptedSerializer.MediaType, x.ReceiveContext.ContentType.MediaType));
        Assert.All(zoo.Observed.Contexts<Dog>(), x => Assert.False(Encoding.UTF8.GetString(x.ReceiveContext.Body.GetBytes()).Contains("Rex", StringComparison.Ordinal)));
    }

    static void UseEncryption(IQStashBusFactoryConfigurator cfg)
    {
        var serializer = new EncryptedSerializer(RandomNumberGenerator.GetBytes(32));

        cfg.AddSerializer(serializer);
        cfg.AddDeserializer(serializer);
    }
}

/// <summary>
/// What is needed to open a body travels beside it.
/// </summary>
public class A_body_that_is_encrypted
{
    [Theory]
    [InlineData("EncryptionKeyId")]
    [InlineData("Tenant")]
    public async Task Is_opened_with_the_key_that_its_headers_name_and_travels_on(string header)
    {
        await using var cloud = await Cloud.StartAsync();
        var serializer = new AesSerializer(new AesSerializer.KeyRing(header));
        var attempts = 0;
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(
            x =>
            {
                x.AddDelayedMessageScheduler();
                x.AddConsumer<Recorder<ChargeCard>>();
            },
            (context, cfg) =>
            {
                cfg.AddSerializer(serializer);
                cfg.AddDeserializer(serializer, true);
                cfg.ReceiveEndpoint("first", e =>
                {
                    e.ConfigureConsumeTopology = false;
                    e.UseDelayedRedelivery(r => r.Interval(1, TimeSpan.FromMinutes(1)));
                    e.Handler<ChargeCard>(x => ++attempts <= 2 ? throw new InvalidOperationException("Not yet.") : x.Forward(new Uri("queue:second")));
                });
                cfg.ReceiveEndpoint("second", e =>
                {
                    e.ConfigureConsumeTopology = false;
                    e.ConfigureConsumer<Recorder<ChargeCard>>(context);
                });
            }));
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("queue:first"));

        foreach (var key in (string[])["red", "blue"])
        {
            await endpoint.Send(new ChargeCard(key), x =>
            {
                x.Headers.Set(header, key);
                x.Headers.Set("MT-Private", "not beside the body");
            }, Cancellation);
        }

        await cloud.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(["blue", "red"], orders.Observed.Messages<ChargeCard>().Select(x => x.OrderId).Order());
        Assert.All(orders.Observed.Contexts<ChargeCard>(), x => Assert.Equal(x.Message.OrderId, x.Headers.Get<string>(header)));
        Assert.All(orders.Observed.Contexts<ChargeCard>(), x => Assert.DoesNotContain("not beside", string.Join("", x.ReceiveContext.GetQStashMessage()!.HttpHeaders.Values), StringComparison.Ordinal));
        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }
}

public class The_ids_of_a_conversation
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lead_from_what_a_consumer_sends_to_what_it_consumed(bool rawJson)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<CardCharged>>(), (_, cfg) =>
        {
            if (rawJson)
                cfg.UseRawJsonSerializer();
            cfg.ReceiveEndpoint("charge-card", e => e.Handler<ChargeCard>(context =>
            {
                s.Observed.Add(context);
                return context.Publish(new CardCharged(context.Message.OrderId));
            }));
        }));
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("queue:charge-card"));

        await endpoint.Send(new ChargeCard("42"), x => x.CorrelationId = NewId.NextGuid(), Cancellation);
        await cloud.WaitUntilIdleAsync();

        var cause = Assert.Single(orders.Observed.Contexts<ChargeCard>());
        var effect = Assert.Single(orders.Observed.Contexts<CardCharged>());
        Assert.NotNull(cause.ConversationId);
        Assert.Equal(cause.ConversationId, effect.ConversationId);
        Assert.Equal(cause.CorrelationId, effect.InitiatorId);
        Assert.Equal(new Uri("http://orders.test/qstash/charge-card"), effect.SourceAddress);
        Assert.NotEqual(cause.MessageId, effect.MessageId);
    }
}

public class Headers_of_a_message
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Come_back_with_names_and_values_as_they_were(bool rawJson)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card"), (_, cfg) =>
        {
            if (rawJson)
                cfg.UseRawJsonSerializer();
        }));
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("queue:charge-card"));
        var time = new DateTime(2026, 2, 3, 4, 5, 6, DateTimeKind.Utc);

        await endpoint.Send(new ChargeCard("42"), x =>
        {
            x.Headers.Set("mIxed-CASE_name", "a");
            x.Headers.Set("Name with blanks and ü", "Zoë 世界 \r\n\t\"quoted\" ; , =");
            x.Headers.Set("Count", 42);
            x.Headers.Set("Time", time);
        }, Cancellation);
        await cloud.WaitUntilIdleAsync();

        var headers = Assert.Single(orders.Observed.Contexts<ChargeCard>()).Headers;
        Assert.Equal("a", headers.Get<string>("mIxed-CASE_name"));
        Assert.Contains("mIxed-CASE_name", headers.GetAll().Select(x => x.Key));
        Assert.Equal("Zoë 世界 \r\n\t\"quoted\" ; , =", headers.Get<string>("Name with blanks and ü"));
        Assert.Equal(42, headers.Get<int>("Count"));
        Assert.Equal(time, headers.Get<DateTime>("Time"));
    }
}
