using System.Text;
using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>
/// How a message looks at QStash, and to a receiver that is not MassTransit.
/// </summary>
public sealed class A_message_at_QStash : IAsyncDisposable
{
    readonly List<(string Method, string Body, string Authorization)> _requests = [];
    Cloud _cloud = null!;
    Service _orders = null!;

    // docs/qstash-contract.md#redaction
    [Fact]
    public async Task Shows_only_a_hash_of_what_is_redacted_and_is_delivered_whole()
    {
        await Start();

        await Send(x => x.UseQStash(d =>
        {
            d.ForwardHeaders["Authorization"] = "Bearer secret";
            d.RedactFields.Add("body");
            d.RedactFields.Add("header[Authorization]");
        }));

        var stored = await LastMessage();
        Assert.StartsWith("REDACTED:", Encoding.UTF8.GetString(stored.Body.Span), StringComparison.Ordinal);
        Assert.StartsWith("REDACTED:", stored.Headers["Authorization"][0], StringComparison.Ordinal);
        await _cloud.AdvanceAsync(TimeSpan.FromHours(1));
        var (_, body, authorization) = Assert.Single(_requests);
        Assert.Contains("42", body, StringComparison.Ordinal);
        Assert.Equal("Bearer secret", authorization);
    }

    [Fact]
    public async Task Can_be_redacted_for_a_whole_bus_and_is_still_consumed()
    {
        await Start(cfg =>
        {
            cfg.Host(h => h.Delivery(d =>
            {
                d.RedactFields.Add("body");
                d.RedactFields.Add("header");
            }));
            cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(x =>
            {
                _orders.Observed.Add(x);
                return Task.CompletedTask;
            }));
        });

        await _orders.Bus.Publish(new OrderSubmitted("42"), x => x.Delay = TimeSpan.FromHours(1), Cancellation);

        var stored = await LastMessage();
        Assert.StartsWith("REDACTED:", Encoding.UTF8.GetString(stored.Body.Span), StringComparison.Ordinal);
        Assert.All(stored.Headers, header => Assert.StartsWith("REDACTED:", header.Value[0], StringComparison.Ordinal));
        await _cloud.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal([new OrderSubmitted("42")], _orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Is_found_and_cancelled_by_its_label()
    {
        await Start(cfg => cfg.Send<OrderSubmitted>(x => x.UseDelivery(d => d.Labels.Add("orders"))));
        await Send(x => x.UseQStash(d => d.Labels.Add("customer-7")));
        await Send(x => x.UseQStash(d => d.Labels.Add("customer-8")));
        Assert.Equal(["orders", "customer-8"], (await LastMessage()).Labels);

        Assert.Equal(1, await _cloud.Client.Messages.CancelAsync(new QStashMessageFilter { Labels = ["customer-7"] }, Cancellation));

        await _cloud.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Single(_requests);
    }

    [Fact]
    public async Task Is_delivered_with_the_method_its_sender_chose()
    {
        await Start();

        await Send(x => x.UseQStash(d => d.Method = HttpMethod.Put));
        await _cloud.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal("PUT", Assert.Single(_requests).Method);
    }

    [Theory]
    [InlineData("Labels")]
    [InlineData("RedactFields")]
    [InlineData("Method")]
    public async Task Is_not_sent_with_an_illegal_setting(string setting)
    {
        await Start();

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => Send(x =>
        {
            switch (setting)
            {
                case "Labels":
                    x.UseQStash(d => d.Labels.Add("a,b"));
                    break;
                case "RedactFields":
                    x.UseQStash(d => d.RedactFields.Add("header[a,b]"));
                    break;
                default:
                    x.UseQStash(d => d.Method = HttpMethod.Head);
                    break;
            }
        }));

        Assert.StartsWith(setting, exception.Message, StringComparison.Ordinal);
    }

    async Task Start(Action<IQStashBusFactoryConfigurator>? configure = null)
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(null, (_, cfg) => configure?.Invoke(cfg));
            s.Map(app =>
            {
                app.MapQStash();
                app.MapMethods("/hook", ["POST", "PUT"], async (HttpRequest request) =>
                {
                    using var reader = new StreamReader(request.Body);
                    _requests.Add((request.Method, await reader.ReadToEndAsync(Cancellation), request.Headers.Authorization.ToString()));
                });
            });
        });
    }

    // With a delay, so that the message is still there to be read.
    async Task Send(Action<SendContext> configure)
    {
        var endpoint = await _orders.Bus.GetSendEndpoint(new Uri("http://orders.test/hook"));

        await endpoint.Send(new OrderSubmitted("42"), x =>
        {
            x.Delay = TimeSpan.FromHours(1);
            x.UseQStash(d => d.PlainJson = true);
            configure(x);
        }, Cancellation);
    }

    async Task<QStashMessageInfo> LastMessage()
    {
        var logs = await _cloud.Client.Logs.ListAsync(cancellationToken: Cancellation);

        return (await _cloud.Client.Messages.GetAsync(logs.Items[0].MessageId, Cancellation))!;
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}
