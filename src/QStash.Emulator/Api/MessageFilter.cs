using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

/// <summary>The filters of messages, dead letters and logs. Values of one filter are alternatives; all filters have to match.</summary>
sealed class MessageFilter(FilterParameters parameters)
{
    /// <summary>All filters but <c>host</c> and <c>path</c>, which calls for dead letters refuse.</summary>
    public static readonly string[] Names =
    [
        "topicName", "queueName", "url", "label", "flowControlKey", "scheduleId", "callerIp", "callerIP", "fromDate", "toDate",
    ];

    readonly HashSet<string>? _topics = parameters.Set("topicName");
    readonly HashSet<string>? _queues = parameters.Set("queueName");
    readonly HashSet<string>? _urls = parameters.Set("url");
    readonly HashSet<string>? _hosts = parameters.Set("host");
    readonly HashSet<string>? _paths = parameters.Set("path");
    readonly HashSet<string>? _labels = parameters.Set("label");
    readonly HashSet<string>? _schedules = parameters.Set("scheduleId");
    readonly HashSet<string>? _callers = parameters.Set("callerIp", "callerIP");
    readonly HashSet<string>? _flowControlKeys = parameters.Set("flowControlKey");
    readonly long _from = parameters.Number("fromDate") ?? long.MinValue;
    readonly long _to = parameters.Number("toDate") ?? long.MaxValue;

    /// <summary>Whether a message meets the filter of a bulk action.</summary>
    public static Func<Message, bool> Of(IReadOnlyDictionary<string, string[]> values)
    {
        var filter = new MessageFilter(new FilterParameters(values));
        return message => filter.Matches(message, message.CreatedAt);
    }

    /// <param name="message">The message in question.</param>
    /// <param name="time">The time that the filter's dates are compared with, in unix milliseconds.</param>
    public bool Matches(Message message, long time) =>
        time >= _from
        && time <= _to
        && Contains(_topics, message.Target.TopicName)
        && Contains(_queues, message.Queue?.Name)
        && Contains(_urls, message.Target.Url)
        && Contains(_schedules, message.Spec.ScheduleId)
        && Contains(_callers, message.Spec.CallerIp)
        && Contains(_flowControlKeys, message.Spec.FlowControl?.Key)
        && (_labels is null || message.Spec.Labels.Any(_labels.Contains))
        && MatchesLocation(message.Target.Url);

    bool MatchesLocation(string url)
    {
        if (_hosts is null && _paths is null)
            return true;

        var uri = new Uri(url);
        return (_hosts is null || _hosts.Contains(uri.Host) || _hosts.Contains(uri.Authority)) && Contains(_paths, uri.AbsolutePath);
    }

    static bool Contains(HashSet<string>? set, string? value) => set is null || (value is not null && set.Contains(value));
}
