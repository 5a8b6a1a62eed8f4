using System.Collections.Concurrent;
using System.Net;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Puts answers of its own in the place of some of QStash's.
/// </summary>
sealed class Answering(Func<HttpRequestMessage, string, (HttpStatusCode Status, string Body)?> answer) : DelegatingHandler
{
    public ConcurrentQueue<string> Calls { get; } = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"{request.Method} {request.RequestUri!.AbsolutePath}");

        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);

        return answer(request, body) is { } given
            ? new HttpResponseMessage(given.Status) { Content = new StringContent(given.Body) }
            : await base.SendAsync(request, cancellationToken);
    }
}

/// <summary>
/// It is not documented how QStash refuses a message to a URL group that does not exist: neither the status nor the words.
/// </summary>
public class A_url_group_that_does_not_exist
{
    const string Group = "MassTransit.QStash.Tests.Support.OrderSubmitted";

    public static TheoryData<HttpStatusCode, string> Refusals() => new()
    {
        { HttpStatusCode.NotFound, $$"""{"error":"topic {{Group}} not found"}""" },
        { HttpStatusCode.BadRequest, $$"""{"error":"topic {{Group}} not found"}""" },
        { HttpStatusCode.NotFound, $$"""{"error":"URL group {{Group}} not found"}""" },
        { HttpStatusCode.NotFound, $$"""{"error":"no such url group: {{Group}}"}""" },
        { HttpStatusCode.BadRequest, """{"error":"unknown destination"}""" },
        { HttpStatusCode.NotFound, """{"message":"not found"}""" },
        { HttpStatusCode.NotFound, "" },
        { HttpStatusCode.UnprocessableEntity, """{"error":"topic does not exist"}""" },
    };

    static async Task<Service> Start(Cloud cloud, Answering answering, Action<IBusRegistrationConfigurator>? register = null, Action<IQStashBusFactoryConfigurator>? configure = null) =>
        await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(x =>
            {
                x.AddQStashMessageScheduler();
                register?.Invoke(x);
            }, (_, cfg) => configure?.Invoke(cfg));
            s.InterceptApi(() => answering);
        });

    static bool IsPublish(HttpRequestMessage request) => request.RequestUri!.AbsolutePath.EndsWith($"/{Group}", StringComparison.Ordinal) && request.Method == HttpMethod.Post;

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Is_no_error_however_QStash_says_so(HttpStatusCode status, string body)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await Start(cloud, new Answering((request, _) => IsPublish(request) ? (status, body) : null));

        await orders.Publish(new OrderSubmitted("42"));
        await orders.Send($"topic:{Group}", new OrderSubmitted("42"));

        await using var scope = orders.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageScheduler>()
            .SchedulePublish(cloud.Clock.GetUtcNow().UtcDateTime.AddHours(1), new OrderSubmitted("42"), Cancellation);

        Assert.Empty(orders.Log.Warnings);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Is_an_error_for_a_mandatory_message_however_QStash_says_so(HttpStatusCode status, string body)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await Start(cloud, new Answering((request, _) => IsPublish(request) ? (status, body) : null));

        await Assert.ThrowsAsync<PublishException>(() => orders.Bus.Publish(new OrderSubmitted("42"), x => x.Mandatory = true, Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keeps_a_batch_from_none_of_the_others(bool asAWhole)
    {
        await using var cloud = await Cloud.StartAsync();
        var animals = await cloud.StartServiceAsync("animals", s => s.AddBus(x => x.AddConsumer<Recorder<Animal>>()));
        var orders = await Start(cloud, new Answering((request, _) => request.RequestUri!.AbsolutePath switch
        {
            "/v2/batch" => asAWhole ? (HttpStatusCode.NotFound, """{"error":"one of the destinations is unknown"}""") : (HttpStatusCode.OK, """[{"error":"unknown"},{"error":"unknown"},{"error":"unknown"}]"""),
            "/v2/publish/MassTransit.QStash.Tests.Support.Dog" or "/v2/publish/MassTransit.QStash.Tests.Support.IAnimal" => (HttpStatusCode.BadRequest, """{"error":"unknown"}"""),
            _ => null,
        }), configure: cfg => cfg.Host(h => h.CoalesceSends(asAWhole)));

        await orders.Publish(new Dog("Rex"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(animals.Observed.Messages<Animal>());
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Keeps_a_recurring_message_from_none_of_the_other_groups(HttpStatusCode status, string body)
    {
        await using var cloud = await Cloud.StartAsync();
        var animals = await cloud.StartServiceAsync("animals", s => s.AddBus(x => x.AddConsumer<Recorder<Animal>>()));
        var orders = await Start(cloud, new Answering((request, _) =>
            request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath is "/v2/schedules/MassTransit.QStash.Tests.Support.Dog" or "/v2/schedules/MassTransit.QStash.Tests.Support.IAnimal"
                ? (status, body.Replace(Group, request.RequestUri!.Segments[^1], StringComparison.Ordinal))
                : null));

        await orders.Recur(x => x.ScheduleRecurringPublish(new Recurring("daily", "0 9 * * *"), new Dog("Rex"), Cancellation));
        await cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Single(animals.Observed.Messages<Animal>());
    }

    public static TheoryData<HttpStatusCode, string> Errors() => new()
    {
        { HttpStatusCode.NotFound, """{"error":"queue orders not found"}""" },
        { HttpStatusCode.NotFound, $$"""{"error":"queue {{Group}} not found"}""" },
        { HttpStatusCode.NotFound, $$"""{"error":"topic another.{{Group}} not found"}""" },
        { HttpStatusCode.BadRequest, """{"error":"invalid header value"}""" },
        { HttpStatusCode.BadRequest, "" },
        { HttpStatusCode.Forbidden, $$"""{"error":"topic {{Group}} not found"}""" },
        { HttpStatusCode.PreconditionFailed, """{"error":"quota maxDailyMessages exceeded"}""" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Is_not_what_another_error_of_a_group_that_exists_is_taken_for(HttpStatusCode status, string body)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await Start(cloud, new Answering((request, _) => IsPublish(request) ? (status, body) : null), x => x.AddConsumer<Recorder<OrderSubmitted>>());

        var exception = await Assert.ThrowsAnyAsync<QStashException>(() => orders.Publish(new OrderSubmitted("42")));

        Assert.Equal(status, exception.StatusCode);
    }

    /// <summary>At a wrong address everything is not found; nobody has said that nobody subscribes.</summary>
    [Fact]
    public async Task Is_not_what_a_wrong_url_of_the_api_is_taken_for()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await Start(cloud, new Answering((_, _) => (HttpStatusCode.NotFound, "<h1>Not Found</h1>")));

        await Assert.ThrowsAsync<QStashNotFoundException>(() => orders.Publish(new OrderSubmitted("42")));
    }

    [Fact]
    public async Task Is_not_asked_for_where_the_words_are_clear()
    {
        await using var cloud = await Cloud.StartAsync();
        var answering = new Answering((_, _) => null);
        var orders = await Start(cloud, answering);

        await orders.Publish(new OrderSubmitted("42"));

        Assert.DoesNotContain(answering.Calls, call => call.StartsWith("GET /v2/topics/", StringComparison.Ordinal));
    }
}

/// <remarks>V7: what was not sent has to be an error.</remarks>
public class An_answer_without_a_receipt
{
    static async Task<Service> Start(Cloud cloud, string answer, bool directory = false) =>
        await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(x =>
            {
                x.AddConsumer<Recorder<Animal>>();
                x.AddConsumer<Recorder<Dog>>();
            }, (_, cfg) =>
            {
                if (directory)
                    cfg.Host(h => h.UseDirectory());
            });
            s.InterceptApi(() => new Answering((request, _) => request.RequestUri!.AbsolutePath switch
            {
                "/v2/batch" => (HttpStatusCode.OK, $"[{answer},{answer}]"),
                var path when path.StartsWith("/v2/publish/", StringComparison.Ordinal) => (HttpStatusCode.OK, answer),
                _ => null,
            }));
        });

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"messageId":""}""")]
    [InlineData("""{"messageId":null}""")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task Fails_a_send(string answer)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await Start(cloud, answer);

        await Assert.ThrowsAsync<QStashException>(() => orders.Send("queue:Dog", new Dog("Rex")));
        await Assert.ThrowsAsync<QStashException>(() => Task.WhenAll(Enumerable.Range(0, 10).Select(i => orders.Send("queue:Dog", new Dog($"Rex {i}")))));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"messageId":""}""")]
    public async Task Fails_a_publish_through_a_directory(string answer)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await Start(cloud, answer, directory: true);

        await Assert.ThrowsAsync<QStashException>(() => orders.Publish(new Dog("Rex")));
    }

    /// <summary>A group can be there without an endpoint, as far as is known.</summary>
    [Fact]
    public async Task Is_what_a_url_group_without_endpoints_gives()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await Start(cloud, "[]");

        await orders.Publish(new Animal("Rex"));

        await Assert.ThrowsAsync<PublishException>(() => orders.Bus.Publish(new Animal("Rex"), x => x.Mandatory = true, Cancellation));
    }
}
