namespace QStash.Client.Tests;

public class A_message_that_breaks_a_rule
{
    public static TheoryData<string, Action<QStashMessage>> Faults => new()
    {
        { "Delay", message => message.Delay = TimeSpan.FromSeconds(-1) },
        { "Delay and NotBefore", message => { message.Delay = TimeSpan.Zero; message.NotBefore = DateTimeOffset.UnixEpoch; } },
        { "NotBefore", message => message.NotBefore = DateTimeOffset.UnixEpoch.AddSeconds(-5) },
        { "Retries", message => message.Retries = -1 },
        { "Retries is 1000", message => message.Retries = 1000 },
        { "Timeout", message => message.Timeout = TimeSpan.Zero },
        { "Timeout", message => message.Timeout = TimeSpan.FromDays(2) },
        { "Method", message => message.Method = HttpMethod.Head },
        { "ContentType", message => message.ContentType = "text/plain\r\nX: y" },
        { "DeduplicationId", message => message.DeduplicationId = "" },
        { "DeduplicationId", message => message.DeduplicationId = "a:b" },
        { "DeduplicationId", message => message.DeduplicationId = "a b" },
        { "DeduplicationId", message => message.DeduplicationId = "ü" },
        { "DeduplicationId and ContentBased", message => { message.DeduplicationId = "a"; message.ContentBasedDeduplication = true; } },
        { "Queue", message => message.Queue = "" },
        { "Queue", message => message.Queue = "a/b" },
        { "Queue", message => message.Queue = ".." },
        { "Labels", message => message.Labels.Add("a,b") },
        { "Labels", message => message.Labels.Add(" ") },
        { "Labels", message => message.Labels.Add("ü") },
        { "RedactFields", message => message.RedactFields.Add("everything") },
        { "ForwardHeaders[X]", message => message.ForwardHeaders["X"] = "a\nb" },
        { "ForwardHeaders[X]", message => message.ForwardHeaders["X"] = "ü" },
        { "ForwardHeaders", message => message.ForwardHeaders["X Y"] = "a" },
        { "ForwardHeaders", message => message.ForwardHeaders["content-type"] = "a/b" },
        { "Callback", message => message.Callback = new("ftp://example.com") },
        { "Callback", message => message.Callback = new("/relative") },
        { "Callback", message => message.Callback = new("https://example.com/#x") },
        { "Callback has no Url", message => message.Callback = new() { Url = null! } },
        { "FailureCallback.Url", message => message.FailureCallback = new("mailto:a@example.com") },
        { "Callback.Retries", message => message.Callback = new("https://a.example") { Retries = -1 } },
        { "FlowControl.Key", message => message.FlowControl = new() { Key = "", Rate = 1 } },
        { "FlowControl.Key", message => message.FlowControl = new() { Key = "a/b", Rate = 1 } },
        { "FlowControl", message => message.FlowControl = new() { Key = "a" } },
        { "FlowControl.Rate", message => message.FlowControl = new() { Key = "a", Rate = 0 } },
        { "FlowControl.Parallelism", message => message.FlowControl = new() { Key = "a", Parallelism = 0 } },
        { "FlowControl.Period", message => message.FlowControl = new() { Key = "a", Parallelism = 1, Period = TimeSpan.FromSeconds(1) } },
        { "FlowControl.Period", message => message.FlowControl = new() { Key = "a", Rate = 1, Period = TimeSpan.FromDays(8) } }
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task Is_refused_with_the_name_of_the_property(string property, Action<QStashMessage> fault)
    {
        await using var qstash = await ScriptedQStash.StartAsync();
        var message = new QStashMessage { Destination = "https://example.com" };
        fault(message);

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => qstash.Client().PublishAsync(message, Cancellation));

        Assert.StartsWith(property, exception.Message, StringComparison.Ordinal);
        Assert.Empty(qstash.Requests);
    }
}

// docs/qstash-contract.md#addresses-and-regions
public class A_call_without_a_target
{
    static readonly string[] Empty = ["", " ", "\t", ".", "..", "a/b", "a?b"];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var call in Calls.Keys)
            {
                foreach (var id in Empty)
                    cases.Add(call, id);
            }

            return cases;
        }
    }

    static Dictionary<string, Func<IQStashClient, string, Task>> Calls => new()
    {
        ["messages get"] = (client, id) => client.Messages.GetAsync(id),
        ["messages cancel"] = (client, id) => client.Messages.CancelAsync(id),
        ["messages deliver now"] = (client, id) => client.Messages.DeliverNowAsync(id),
        ["bulk actions get"] = (client, id) => client.BulkActions.GetAsync(id),
        ["bulk actions wait"] = (client, id) => client.BulkActions.WaitAsync(id),
        ["dlq get"] = (client, id) => client.DeadLetterQueue.GetAsync(id),
        ["dlq delete"] = (client, id) => client.DeadLetterQueue.DeleteAsync(id),
        ["dlq retry"] = (client, id) => client.DeadLetterQueue.RetryAsync(id),
        ["queues delete"] = (client, id) => client.Queues.DeleteAsync(id),
        ["queues pause"] = (client, id) => client.Queues.PauseAsync(id),
        ["schedules delete"] = (client, id) => client.Schedules.DeleteAsync(id),
        ["url groups delete"] = (client, id) => client.UrlGroups.DeleteAsync(id),
        ["url groups remove"] = (client, id) => client.UrlGroups.RemoveEndpointsAsync(id, [new() { Name = "a" }]),
        ["flow control pause"] = (client, id) => client.FlowControl.PauseAsync(id == "a?b" ? "a b" : id)
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Is_refused_instead_of_hitting_the_collection(string call, string id)
    {
        await using var qstash = await ScriptedQStash.StartAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => Calls[call](qstash.Client(), id));

        Assert.Empty(qstash.Requests);
    }

    public static TheoryData<string, Func<IQStashClient, Task>> Filters => new()
    {
        { "The filter is empty", client => client.Messages.CancelAsync(new QStashMessageFilter()) },
        { "The filter is empty", client => client.DeadLetterQueue.DeleteAsync(new QStashDeadLetterFilter()) },
        { "The filter is empty", client => client.DeadLetterQueue.RetryAsync(new QStashDeadLetterFilter()) },
        { "MessageIds contains a blank", client => client.Messages.CancelAsync(new QStashMessageFilter { MessageIds = [""] }) },
        { "Labels contains a blank", client => client.DeadLetterQueue.DeleteAsync(new QStashDeadLetterFilter { Labels = [" "] }) },
        { "MessageId contains a blank", client => client.DeadLetterQueue.RetryAsync(new QStashDeadLetterFilter { MessageId = "" }) },
        { "MessageIds cannot be combined", client => client.Messages.CancelAsync(new QStashMessageFilter { MessageIds = ["msg_1"], Labels = ["a"] }) },
        { "DlqIds cannot be combined", client => client.DeadLetterQueue.DeleteAsync(new QStashDeadLetterFilter { DlqIds = ["1-0"], ResponseStatuses = [500] }) },
        { "DlqIds cannot be combined", client => client.DeadLetterQueue.ListAsync(new QStashDeadLetterFilter { DlqIds = ["1-0"], ResponseStatuses = [500] }) },
        { "count", client => client.DeadLetterQueue.ListAsync(count: 101) },
        { "count", client => client.Logs.ListAsync(count: 0) },
        { "State", client => client.Logs.ListAsync(new QStashLogFilter { State = QStashMessageState.Unknown }) },
        { "There are no endpoints", client => client.UrlGroups.UpsertEndpointsAsync("g", []) },
        { "There are no endpoints", client => client.UrlGroups.RemoveEndpointsAsync("g", []) },
        { "An endpoint has neither", client => client.UrlGroups.RemoveEndpointsAsync("g", [new()]) },
        { "An endpoint has no", client => client.UrlGroups.UpsertEndpointsAsync("g", [new() { Url = "example.com" }]) },
        { "The parallelism", client => client.Queues.UpsertAsync("q", 0) },
        { "Neither parallelism nor rate", client => client.FlowControl.UnpinAsync("k", false, false) },
        { "Cron", client => client.Schedules.CreateAsync(new() { Destination = "https://example.com", Cron = "" }) },
        { "Destination", client => client.Schedules.CreateAsync(new() { Destination = "", Cron = "* * * * *" }) },
        { "ScheduleId", client => client.Schedules.CreateAsync(new() { Destination = "https://example.com", Cron = "* * * * *", ScheduleId = "a/b" }) },
        { "headers", client => client.UrlGroups.SetDefaultHeadersAsync("g", new Dictionary<string, string> { ["Upstash-Retries"] = "1\n" }) }
    };

    [Theory]
    [MemberData(nameof(Filters), DisableDiscoveryEnumeration = true)]
    public async Task Is_refused_with_a_reason(string reason, Func<IQStashClient, Task> call)
    {
        await using var qstash = await ScriptedQStash.StartAsync();

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => call(qstash.Client()));

        Assert.StartsWith(reason, exception.Message, StringComparison.Ordinal);
        Assert.Empty(qstash.Requests);
    }
}
