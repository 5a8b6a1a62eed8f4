using MassTransit.QStash.Analyzers.Tests.Support;
using MassTransit.QStash.CodeFixes;

namespace MassTransit.QStash.Analyzers.Tests;

public class The_failure_of_a_send // AP3, S3, V7
{
    [Theory]
    [InlineData("publish.Publish(new object())")]
    [InlineData("send.Send(new object())")]
    [InlineData("context.RespondAsync(new object())")]
    [InlineData("context.Send(new Uri(\"queue:billing\"), new object())")]
    [InlineData("client.PublishAsync(new QStashMessage { Destination = \"group\" })")]
    public Task Must_not_be_caught_and_dropped(string call) => Verify.StatementsAsync<SwallowAnalyzer>($$"""
        try
        {
            await {{call}};
        }
        {|QSTASH009:catch|}
        {
        }

        try
        {
            if (port > 0)
                await {{call}};
        }
        {|QSTASH009:catch|} (Exception)
        {
            // It will be all right.
            return;
        }
        """);

    [Fact]
    public Task Must_not_be_dropped_when_it_is_the_clients() => Verify.StatementsAsync<SwallowAnalyzer>("""
        foreach (var text in new[] { a, b })
        {
            try { await client.PublishAsync(new QStashMessage { Destination = text }); }
            {|QSTASH009:catch|} (QStashRateLimitException) { continue; }
        }
        """);

    [Fact]
    public Task Must_be_awaited_and_gets_it() => Verify.StatementsAsync<SwallowAnalyzer, AwaitCodeFix>(
        """
        {|QSTASH009:publish.Publish(new object())|};
        _ = {|QSTASH009:send.Send(new object())|};
        """,
        """
        await publish.Publish(new object());
        await send.Send(new object());
        """);

    [Fact]
    public Task Must_not_get_lost_in_an_event_handler() => Verify.StatementsAsync<SwallowAnalyzer>("""
        AppDomain.CurrentDomain.ProcessExit += (_, _) => {|QSTASH009:publish.Publish(new object())|};
        """);

    [Fact]
    public Task May_be_handled() => Verify.StatementsAsync<SwallowAnalyzer>("""
        try
        {
            await publish.Publish(new object());
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception exception) when (exception is TimeoutException)
        {
        }
        catch (Exception exception)
        {
            Console.WriteLine(exception);
        }

        try
        {
            await Task.Yield();
        }
        catch
        {
        }

        var later = publish.Publish(new object());
        await Task.WhenAll(later, send.Send(new object()));
        Func<Task> act = () => publish.Publish(new object());
        """);
}
