#if (!worker)
using System.Net;
#endif
using MassTransit.Testing;
using Microsoft.AspNetCore.Mvc.Testing;
using QStashService1.App.Consumers;
using QStashService1.App.Contracts;

namespace QStashService1.App.Tests;

public class OrderSubmittedTests
{
    [Fact]
    public async Task Is_consumed()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var qstash = await QStashTestEnvironment.StartAsync(cancellationToken: cancellationToken);
        await using var app = new WebApplicationFactory<Program>()
            .WithWebHostBuilder(web => web.UseQStashTestEnvironment(qstash, "orders"));
        var harness = app.Services.GetTestHarness();

#if (worker)
        await harness.Bus.Publish(new OrderSubmitted("42"), cancellationToken);
#else
        using var http = app.CreateClient();
        using var answer = await http.PostAsync("/orders/42", null, cancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
#endif

        var consumer = harness.GetConsumerHarness<OrderSubmittedConsumer>();
        Assert.True(await consumer.Consumed.Any<OrderSubmitted>(order => order.Context.Message.OrderId == "42", cancellationToken));
    }
}
