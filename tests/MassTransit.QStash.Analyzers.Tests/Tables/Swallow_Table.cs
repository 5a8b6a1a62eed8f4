using MassTransit.QStash.Analyzers.Tests.Support;

namespace MassTransit.QStash.Analyzers.Tests.Tables;

public class The_failure_of_a_send_in_many_forms
{
    public static TheoryData<string> Wrong { get; } =
    [
        """{|QSTASH009:bus.Publish(new Order(a))|};""",
        """{|QSTASH009:bus?.Publish(new Order(a))|};""",
        """_ = {|QSTASH009:bus?.Publish(new Order(a))|};""",
        """{|QSTASH009:bus.Publish(new Order(a)).ConfigureAwait(false)|};""",
        """{|QSTASH009:bus.Publish(new Order(a)).ContinueWith(_ => Console.WriteLine("sent"))|};""",
        """await {|QSTASH009:bus.Publish(new Order(a)).ContinueWith(_ => { })|};""",
        """var task = {|QSTASH009:bus.Publish(new Order(a))|};""",
        """
        Task task;
        task = {|QSTASH009:bus.Publish(new Order(a))|};
        """,
        """_ = {|QSTASH009:port > 0 ? bus.Publish(new Order(a)) : Task.CompletedTask|};""",
        """_ = {|QSTASH009:Task.Run(() => bus.Publish(new Order(a)))|};""",
        """{|QSTASH009:Task.Run(async () => await bus.Publish(new Order(a)))|};""",
        """new List<Order>().ForEach(order => {|QSTASH009:bus.Publish(order)|});""",
        """{|QSTASH009:client.PublishAsync(new QStashMessage { Destination = "group" })|};""",
        """try { await bus.Publish(new Order(a)); } {|QSTASH009:catch|} { }""",
        """try { await bus.Publish(new Order(a)); } {|QSTASH009:catch|} (Exception exception) when (exception is not OperationCanceledException) { }""",
        """
        try { await bus.Publish(new Order(a)); } {|QSTASH009:catch|} (Exception exception) when (Log(exception)) { }
        ---
        static bool Log(Exception exception) => true;
        """,
        """try { await bus.Publish(new Order(a)); } {|QSTASH009:catch|} (Exception exception) when (exception is QStashException) { }""",
        """try { await bus.Publish(new Order(a)); } {|QSTASH009:catch|} (QStashException) { return; }""",
        """try { await bus.Publish(new Order(a)); } {|QSTASH009:catch|} (Exception exception) { _ = exception; }""",
        """
        foreach (var id in new[] { a, b })
        {
            try { await bus.Publish(new Order(id)); }
            {|QSTASH009:catch|} (Exception) { continue; }
        }
        """,
        """
        await Try();
        async Task<bool> Try()
        {
            try { await bus.Publish(new Order(a)); return true; }
            {|QSTASH009:catch|} { return true; }
        }
        """,
        """
        for (var attempt = 0; attempt < 3; attempt++)
        {
            try { await bus.Publish(new Order(a)); break; }
            {|QSTASH009:catch|} { break; }
        }
        """,
    ];

    public static TheoryData<string> Right { get; } =
    [
        """await bus.Publish(new Order(a));""",
        """await (bus?.Publish(new Order(a)) ?? Task.CompletedTask);""",
        """await bus.Publish(new Order(a)).ConfigureAwait(false);""",
        """bus.Publish(new Order(a)).GetAwaiter().GetResult();""",
        """bus.Publish(new Order(a)).Wait();""",
        """_ = bus.Publish(new Order(a)).ContinueWith(sent => log.LogError(sent.Exception, "Not sent"), TaskContinuationOptions.OnlyOnFaulted);""",
        """
        var task = bus.Publish(new Order(a));
        await task;
        """,
        """
        var tasks = new List<Task> { bus.Publish(new Order(a)) };
        tasks.Add(bus.Publish(new Order(b)));
        await Task.WhenAll(tasks);
        """,
        """
        await Send();
        Task Send() => bus.Publish(new Order(a));
        """,
        """await Task.Run(() => bus.Publish(new Order(a)));""",
        """
        _ = Task.Run(async () =>
        {
            try { await bus.Publish(new Order(a)); }
            catch (Exception exception) { log.LogError(exception, "Not sent"); }
        });
        """,
        """
        for (var attempt = 0; attempt < 5; attempt++)
        {
            try { await bus.Publish(new Order(a)); return; }
            catch (QStashRateLimitException) { }
        }
        """,
        """
        for (var attempt = 0; attempt < 5; attempt++)
        {
            try { await bus.Publish(new Order(a)); break; }
            catch (Exception) when (attempt < 4) { }
        }
        """,
        """
        var sent = false;
        while (!sent)
        {
            try { await bus.Publish(new Order(a)); sent = true; }
            catch (QStashException) { }
        }
        """,
        """
        while (true)
        {
            try { await bus.Publish(new Order(a)); }
            catch (QStashException) { continue; }
            break;
        }
        """,
        """
        await Try();
        async Task<bool> Try()
        {
            try { await bus.Publish(new Order(a)); return true; }
            catch { return false; }
        }
        """,
        """
        await Try();
        async Task<string> Try()
        {
            try { await bus.Publish(new Order(a)); }
            catch (Exception) { return null; }
            return "sent";
        }
        """,
        """try { await bus.Publish(new Order(a)); } catch (OperationCanceledException) { }""",
        """try { await bus.Publish(new Order(a)); } catch (Exception exception) when (exception is OperationCanceledException or TimeoutException) { }""",
        """try { await bus.Publish(new Order(a)); } catch (Exception) when (stopping.IsCancellationRequested) { }""",
        """try { await client.PublishAsync(new QStashMessage { Destination = a }); } catch (QStashException exception) when (exception.Message.Contains("not found")) { }""",
        """try { await bus.Publish(new Order(a)); } catch (Exception exception) { log.LogError(exception, "Not sent"); }""",
        """try { await Task.Yield(); } catch { }""",
        """try { await http.GetStringAsync(a); } catch { }""",
        """http.GetStringAsync(a);""",
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public Task Is_found_when_it_gets_lost(string row) => Row.IsReportedAsync<SwallowAnalyzer>(row);

    [Theory]
    [MemberData(nameof(Right))]
    public Task Is_left_alone_when_somebody_gets_to_know(string row) => Row.IsLeftAloneAsync<SwallowAnalyzer>(row);
}
