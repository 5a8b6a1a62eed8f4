using System.Collections.Concurrent;
using System.Diagnostics;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Delivery;

/// <summary>What the emulator tells a listener of its source. Tests run side by side, so each listens to a trace of its own.</summary>
public sealed class The_trace_of_a_message : EmulatorTest
{
    readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();
    readonly ConcurrentQueue<Activity> _spans = [];
    readonly ActivityListener _listener;

    public The_trace_of_a_message()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == QStashEmulator.ActivitySourceName,
            Sample = (ref options) => options.Parent.TraceId == _trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    string TraceParent => $"00-{_trace}-b7ad6b7169203331-01";

    public override async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Goes_on_with_what_the_message_brings_and_the_destination_gets_just_that()
    {
        await PublishAsync("/a", "hello", $"Upstash-Forward-Traceparent: {TraceParent}");
        await IdleAsync();

        Assert.Equal(TraceParent, Assert.Single(Sink.All).Header("traceparent"));
        var message = Assert.Single(_spans, span => span.DisplayName == "QStash message");
        Assert.Equal("b7ad6b7169203331", $"{message.ParentSpanId}");
        Assert.Equal(message.SpanId, Assert.Single(_spans, span => span.DisplayName == "QStash attempt").ParentSpanId);
    }

    [Fact]
    public async Task Has_the_failure_and_what_was_called_because_of_it()
    {
        Sink.AnswerWith(500);
        await PublishAsync(
            "/a", "hello", $"Upstash-Forward-Traceparent: {TraceParent}", "Upstash-Retries: 1", "Upstash-Retry-Delay: 1000",
            $"Upstash-Failure-Callback: {Sink.Url}/failed");
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(1), Cancellation);

        var messages = _spans.Where(span => span.DisplayName == "QStash message").ToList();
        var message = Assert.Single(messages, span => $"{span.ParentSpanId}" == "b7ad6b7169203331");
        Assert.Equal(("failed", 2, ActivityStatusCode.Error), (message.GetTagItem("qstash.state"), message.GetTagItem("qstash.attempts"), message.Status));
        Assert.Equal(2, _spans.Count(span => span.DisplayName == "QStash attempt" && span.ParentSpanId == message.SpanId));
        Assert.Equal(message.SpanId, Assert.Single(messages, span => $"{span.GetTagItem("url.full")}".EndsWith("/failed", StringComparison.Ordinal)).ParentSpanId);
    }

    [Fact]
    public async Task Ends_when_the_message_is_cancelled()
    {
        var id = (await EnqueueAsync("line", "/a", "hello", $"Upstash-Forward-Traceparent: {TraceParent}", "Upstash-Delay: 1h")).Id;
        await CallAsync("DELETE", "/v2/messages/" + id);

        var message = Assert.Single(_spans);
        Assert.Equal(
            ("canceled", "line", 3_600_000L, null),
            (message.GetTagItem("qstash.state"), message.GetTagItem("qstash.queue"), message.GetTagItem("qstash.delay_ms"), message.GetTagItem("qstash.waited_ms")));
    }
}
