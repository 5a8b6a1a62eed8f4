using System.Security.Cryptography;
using System.Text.Json;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using QStash.Client;

namespace MassTransit.QStash.Tests.Compliance;

/// <summary>
/// What the transport does, over any QStash. Each test expects something to happen and waits for it, as nothing can be said of
/// what the real service has not done yet.
/// </summary>
public abstract class ComplianceTests : IAsyncLifetime
{
    readonly Guid _id = NewId.NextGuid();
    IQStashUnderTest? _under;

    public async ValueTask InitializeAsync() => _under = await ConnectAsync();

    IQStashUnderTest QStash => _under!;

    internal abstract Task<IQStashUnderTest> ConnectAsync();

    static CancellationToken Cancelled => Cancellation;

    [Fact, Guess("G59")]
    public async Task A_published_message_reaches_every_subscriber()
    {
        var service = await Start(x =>
        {
            x.AddConsumer<Recorder<Ordered>>().Endpoint(e => e.Name = "compliance-first");
            x.AddConsumer<SecondRecorder>().Endpoint(e => e.Name = "compliance-second");
        });

        await service.Publish(new Ordered(_id));

        await Wait<Ordered>(service, x => x.Message.Id == _id && x.ReceiveContext.InputAddress.AbsolutePath.EndsWith("first", StringComparison.Ordinal));
        await Wait<Ordered>(service, x => x.Message.Id == _id && x.ReceiveContext.InputAddress.AbsolutePath.EndsWith("second", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_published_message_reaches_the_subscribers_of_its_base_types()
    {
        var service = await Start(x => x.AddConsumer<Recorder<IParcel>>().Endpoint(e => e.Name = "compliance-parcels"));

        await service.Publish(new HeavyParcel(_id));

        await Wait<IParcel>(service, x => x.Message.Id == _id);
    }

    [Fact, Guess("G58")]
    public async Task A_message_sent_to_a_queue_arrives_with_its_headers()
    {
        var service = await Start(x => x.AddConsumer<Recorder<Ordered>>().Endpoint(e => e.Name = "compliance-orders"));
        var endpoint = await service.Bus.GetSendEndpoint(new Uri("queue:compliance-orders"));

        await endpoint.Send(new Ordered(_id), x => x.Headers.Set("Customer-Name", "Zoë \u4e16\u754c\n"), Cancelled);

        var context = await Wait<Ordered>(service, x => x.Message.Id == _id);
        Assert.Equal("Zoë \u4e16\u754c\n", context.Headers.Get<string>("Customer-Name"));
        Assert.NotEmpty(context.ReceiveContext.GetQStashMessage()!.MessageId);
    }

    [Fact]
    public async Task A_request_is_answered()
    {
        var service = await Start(x =>
        {
            x.AddConsumer<Payer>().Endpoint(e => e.Name = "compliance-payer");
            x.AddRequestClient<Ordered>(RequestTimeout.After(m: 2));
        });

        Assert.Equal(_id, (await service.Request<Ordered, Paid>(new Ordered(_id))).Message.Id);
    }

    [Fact]
    public async Task A_message_that_fails_is_dead_lettered_with_the_reason_and_published_as_a_fault()
    {
        var service = await Start(
            x => x.AddConsumer<Recorder<Fault<Fragile>>>().Endpoint(e => e.Name = "compliance-faults"),
            cfg => cfg.ReceiveEndpoint("compliance-fragile", e => e.Handler<Fragile>(_ => throw new InvalidOperationException("Broken."))));

        await service.Publish(new Fragile(_id));

        await Wait<Fault<Fragile>>(service, x => x.Message.Message.Id == _id);
        await QStash.EventuallyAsync(async () => (await DeadLetters(service, "compliance-fragile")).Any(x =>
            x.ResponseStatus == 489 && JsonDocument.Parse(x.ResponseBody).RootElement.GetProperty("message").GetString() == "Broken."));
    }

    [Fact]
    public async Task A_message_is_tried_again_by_QStash_when_the_endpoint_rethrows()
    {
        var attempts = 0;
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var service = await Start(null, cfg => cfg.ReceiveEndpoint("compliance-retries", e =>
        {
            e.RethrowFaultedMessages();
            e.Handler<Fragile>(x =>
            {
                if (x.Message.Id == _id && Interlocked.Increment(ref attempts) == 1)
                {
                    failed.SetResult();
                    throw new InvalidOperationException("Not yet.");
                }

                return x.Message.Id == _id ? x.Publish(new Paid(_id)) : Task.CompletedTask;
            });
        }), x => x.AddConsumer<Recorder<Paid>>().Endpoint(e => e.Name = "compliance-paid"));
        var endpoint = await service.Bus.GetSendEndpoint(new Uri("queue:compliance-retries"));

        await endpoint.Send(new Fragile(_id), x => x.UseQStash(d => d.RetryDelay = QStashRetryDelay.Expression("2000")), Cancelled);
        await failed.Task.WaitAsync(Cancelled);
        await QStash.PassTimeAsync(TimeSpan.FromSeconds(3));

        await Wait<Paid>(service, x => x.Message.Id == _id);
        Assert.Equal(2, attempts);
    }

    [Fact]
    public async Task A_message_is_delivered_when_its_delay_is_over()
    {
        var service = await Start(x => x.AddConsumer<Recorder<Ordered>>().Endpoint(e => e.Name = "compliance-orders"));
        var endpoint = await service.Bus.GetSendEndpoint(new Uri("queue:compliance-orders"));
        var sent = service.Services.GetRequiredService<TimeProvider>().GetUtcNow();

        await endpoint.Send(new Ordered(_id), x => x.Delay = TimeSpan.FromSeconds(5), Cancelled);
        await QStash.PassTimeAsync(TimeSpan.FromSeconds(6));

        await Wait<Ordered>(service, x => x.Message.Id == _id);
        Assert.InRange(service.Services.GetRequiredService<TimeProvider>().GetUtcNow() - sent, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task A_scheduled_message_is_cancelled()
    {
        var service = await Start(x =>
        {
            x.AddConsumer<Recorder<Ordered>>().Endpoint(e => e.Name = "compliance-orders");
            x.AddQStashMessageScheduler();
        });
        var last = NewId.NextGuid();
        var due = service.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime.AddSeconds(20);
        var address = new Uri("queue:compliance-orders");
        await using var scope = service.Services.CreateAsyncScope();
        var scheduler = scope.ServiceProvider.GetRequiredService<IMessageScheduler>();

        var scheduled = await scheduler.ScheduleSend(address, due, new Ordered(_id), Cancelled);
        await scheduler.ScheduleSend(address, due.AddSeconds(10), new Ordered(last), Cancelled);
        await scheduler.CancelScheduledSend(scheduled.Destination, scheduled.TokenId, Cancelled);
        await QStash.PassTimeAsync(TimeSpan.FromSeconds(40));

        await Wait<Ordered>(service, x => x.Message.Id == last);
        Assert.DoesNotContain(service.Observed.Messages<Ordered>(), x => x.Id == _id);
    }

    [Fact, Guess("G69")]
    public async Task A_message_that_is_sent_again_under_its_MessageId_arrives_once()
    {
        var service = await Start(x => x.AddConsumer<Recorder<Ordered>>().Endpoint(e => e.Name = "compliance-orders"));
        var endpoint = await service.Bus.GetSendEndpoint(new Uri("queue:compliance-orders"));
        var last = NewId.NextGuid();

        for (var replay = 0; replay < 2; replay++)
            await endpoint.Send(new Ordered(_id), x => x.MessageId = _id, Cancelled);
        await endpoint.Send(new Ordered(last), x => x.Delay = TimeSpan.FromSeconds(5), Cancelled);
        await QStash.PassTimeAsync(TimeSpan.FromSeconds(6));

        await Wait<Ordered>(service, x => x.Message.Id == last);
        Assert.Single(service.Observed.Messages<Ordered>(), x => x.Id == _id);
    }

    [Fact]
    public async Task Plain_json_from_an_SDK_reaches_a_consumer()
    {
        var service = await Start(x => x.AddConsumer<Recorder<Ordered>>().Endpoint(e => e.Name = "compliance-json"), cfg => cfg.UseRawJsonDeserializer());

        await QStash.Client.PublishAsync(new QStashMessage
        {
            Destination = new Uri(service.Bus.Address, "compliance-json").AbsoluteUri,
            ContentType = "application/json",
            Body = JsonSerializer.SerializeToUtf8Bytes(new { id = _id }),
        }, Cancelled);

        var context = await Wait<Ordered>(service, x => x.Message.Id == _id);
        Assert.NotNull(context.MessageId);
    }

    [Fact]
    public async Task A_body_that_is_not_text_arrives_as_it_was()
    {
        var serializer = new EncryptedSerializer(RandomNumberGenerator.GetBytes(32));
        var service = await Start(x => x.AddConsumer<Recorder<IParcel>>().Endpoint(e => e.Name = "compliance-secrets"), cfg =>
        {
            cfg.AddSerializer(serializer);
            cfg.AddDeserializer(serializer);
        });

        await service.Publish(new HeavyParcel(_id));

        await Wait<IParcel>(service, x => x.Message.Id == _id);
    }

    Task<Service> Start(Action<IBusRegistrationConfigurator>? register, Action<IQStashBusFactoryConfigurator>? configure = null,
        Action<IBusRegistrationConfigurator>? registerMore = null) =>
        QStash.StartServiceAsync(s => s.AddBus(
            x =>
            {
                register?.Invoke(x);
                registerMore?.Invoke(x);
            },
            (_, cfg) => configure?.Invoke(cfg)));

    static Task<ConsumeContext<T>> Wait<T>(Service service, Func<ConsumeContext<T>, bool> condition)
        where T : class =>
        service.Observed.WaitForAsync(condition);

    async Task<IReadOnlyList<QStashDeadLetter>> DeadLetters(Service service, string endpoint) => (await QStash.Client.DeadLetterQueue.ListAsync(
        new QStashDeadLetterFilter { Urls = [new Uri(service.Bus.Address, endpoint).AbsoluteUri] }, cancellationToken: Cancelled)).Items;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _under?.Report.Add(_under.Url);

        // There is none when the test was skipped.
        return _under?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    sealed class SecondRecorder(Observed observed) : IConsumer<Ordered>
    {
        public Task Consume(ConsumeContext<Ordered> context)
        {
            observed.Add(context);

            return Task.CompletedTask;
        }
    }

    sealed class Payer : IConsumer<Ordered>
    {
        public Task Consume(ConsumeContext<Ordered> context) => context.RespondAsync(new Paid(context.Message.Id));
    }
}
