using System.Diagnostics;
using QStash.Emulator.Grammar;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

/// <summary>
/// Makes a span for the time that the emulator has a message, from its publish to its end, and inside of it one span for each attempt.
/// Their times are those of the system clock; waiting times in tags are by the emulator's clock.
/// </summary>
static class MessageTrace
{
    static readonly ActivitySource Source = new(QStashEmulator.ActivitySourceName);

    // In the form in which headers are stored.
    static readonly string Parent = HeaderName.Canonical("traceparent");
    static readonly string State = HeaderName.Canonical("tracestate");

    /// <summary>Begins the span of a message that was accepted, or was read from the data file.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cause">The activity that caused the message; used if the message's headers name no trace.</param>
    public static void Begin(Message message, Activity? cause = null)
    {
        if (!Source.HasListeners())
            return;

        var span = Start("QStash message", ActivityKind.Internal, ParentOf(message) ?? cause?.Context ?? default);
        if (span is null)
            return;

        message.Trace = span;
        span.SetTag("messaging.system", "qstash");
        span.SetTag("messaging.message.id", message.Id);
        span.SetTag("url.full", DestinationUrl.ForLog(message.Target.Url));
        Set(span, "messaging.destination.name", message.Target.TopicName);
        Set(span, "qstash.queue", message.Queue?.Name);
        Set(span, "qstash.flow_control.key", message.FlowControl?.Name);
        Set(span, "qstash.schedule.id", message.Spec.ScheduleId);
        if (message.NotBefore > message.CreatedAt)
            span.SetTag("qstash.delay_ms", message.NotBefore - message.CreatedAt);
    }

    /// <summary>Begins the span of an attempt.</summary>
    /// <param name="message">The message.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static Activity? BeginAttempt(Message message, long now)
    {
        if (message.Trace is not { } whole)
            return null;

        if (message.Retried == 0)
            whole.SetTag("qstash.waited_ms", now - message.CreatedAt);

        whole.SetTag("qstash.attempts", message.Retried + 1);
        var span = Start("QStash attempt", ActivityKind.Client, whole.Context);
        span?.SetTag("http.request.method", message.Spec.Method);
        span?.SetTag("url.full", DestinationUrl.ForLog(message.Target.Url));
        span?.SetTag("qstash.retried", message.Retried);
        return span;
    }

    /// <summary>Ends the span of an attempt. There is no result if a reset or the end of the emulator aborted the attempt.</summary>
    public static void EndAttempt(Activity? span, AttemptResult? result)
    {
        if (span is null)
            return;

        if (result is { Status: > 0 })
            span.SetTag("http.response.status_code", result.Status);

        if (result is not { IsSuccess: true })
            span.SetStatus(ActivityStatusCode.Error, result is null ? "The emulator stopped." : AnswerReason.Of(result) ?? result.Error);

        span.Dispose();
    }

    /// <summary>Ends the span of a message.</summary>
    public static void End(Message message, MessageState state)
    {
        if (message.Trace is not { } span)
            return;

        message.Trace = null;
        span.SetTag("qstash.state", state switch
        {
            MessageState.Delivered => "delivered",
            MessageState.Failed => "failed",
            _ => "canceled",
        });
        if (state == MessageState.Failed)
            span.SetStatus(ActivityStatusCode.Error, "It is in the dead letter queue.");

        span.Dispose();
    }

    static ActivityContext? ParentOf(Message message)
    {
        var headers = message.Spec.Headers;
        var state = headers.TryGetValue(State, out var states) ? states[0] : null;
        if (headers.TryGetValue(Parent, out var parents) && ActivityContext.TryParse(parents[0], state, isRemote: true, out var context))
            return context;

        // A message of a schedule comes from a timer, whose Activity.Current is the call that set the timer, so it is not used.
        return message.Spec.ScheduleId is null && Activity.Current is { IsStopped: false } call ? call.Context : null;
    }

    /// <summary>Starts a span without making it the current activity, because the delivery happens later and must not inherit it.</summary>
    static Activity? Start(string name, ActivityKind kind, ActivityContext parent)
    {
        var current = Activity.Current;
        Activity.Current = null;
        var span = Source.StartActivity(name, kind, parent);
        Activity.Current = current;
        return span;
    }

    static void Set(Activity span, string name, string? value)
    {
        if (value is not null)
            span.SetTag(name, value);
    }
}
