using MassTransit.MessageData;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Plans limit the size of a body, so large data is stored elsewhere and its address sent (AP4, S7, V13).
/// </summary>
public class A_large_message
{
    public record Document(string Text);

    public class StoredDocument
    {
        public MessageData<string>? Text { get; set; }
    }

    static readonly string Text = new('x', 20_000);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fails_before_it_is_sent_with_an_error_that_tells_the_way_out(bool publish)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.Host(h => h.MaxBodySize(10_000))));

        var exception = await Assert.ThrowsAsync<MessageException>(() => publish ? orders.Publish(new Document(Text)) : orders.Send("http://orders.test/qstash/documents", new Document(Text)));

        Assert.Equal(typeof(Document), exception.MessageType);
        Assert.Contains("QStash:MaxBodySize", exception.Message, StringComparison.Ordinal);
        Assert.Contains("MessageData", exception.Message, StringComparison.Ordinal);
        Assert.Empty((await cloud.Client.Logs.ListAsync(cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task Arrives_as_a_reference_to_what_was_stored()
    {
        await using var cloud = await Cloud.StartAsync();
        var repository = new InMemoryMessageDataRepository();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<StoredDocument>>().Endpoint(e => e.Name = "documents"), (_, cfg) =>
        {
            cfg.Host(h => h.MaxBodySize(10_000));
            cfg.UseMessageData(repository);
        }));

        await orders.Send("queue:documents", new StoredDocument { Text = await repository.PutString(Text, Cancellation) });
        await cloud.WaitUntilIdleAsync();

        var context = Assert.Single(orders.Observed.Contexts<StoredDocument>());
        Assert.Equal(Text, await context.Message.Text!.Value);
        Assert.InRange(context.ReceiveContext.Body.Length!.Value, 1, 10_000);
    }
}
