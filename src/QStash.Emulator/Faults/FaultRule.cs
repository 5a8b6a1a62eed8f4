using System.Text.RegularExpressions;
using QStash.Emulator.Messages;

namespace QStash.Emulator.Faults;

/// <summary>
/// What goes wrong, and for whom. What is not set matches everything; what is set has to match all together. Patterns
/// ignore case: with a <c>*</c>, which stands for any characters, the whole text has to match, and otherwise its beginning.
/// </summary>
/// <param name="Action">What happens.</param>
public sealed record FaultRule(FaultAction Action)
{
    const int LongestPattern = 1000;

    static readonly TimeSpan LongestDelay = TimeSpan.FromDays(365);

    /// <summary>A pattern for the URL a message is delivered to, such as <c>https://billing.example/*</c>. Deliveries only.</summary>
    public string? Destination { get; init; }

    /// <summary>A label the message, or the filter of the bulk action, has, in full. Deliveries and bulk actions only.</summary>
    public string? Label { get; init; }

    /// <summary>The URL group the message was published to, in full. Deliveries only.</summary>
    public string? UrlGroup { get; init; }

    /// <summary>The HTTP method of the delivery or of the API call.</summary>
    public string? Method { get; init; }

    /// <summary>A pattern for the path of the API call as it was sent, without the query: <c>/v2/publish</c>. API calls only.</summary>
    public string? Path { get; init; }

    /// <summary>How often a match is hit, from 0 to 1. 1, always, by default.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>After how many hits the rule does nothing any more; at least 1, unlimited by default.</summary>
    public int? Count { get; init; }

    /// <summary>
    /// What the draws of <see cref="Probability"/> start from: the same seed hits the same matches, counted in the order they
    /// come. A random one, which can be read from <see cref="ActiveFault.Seed"/>, by default.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>
    /// For <see cref="FaultAction.Delay"/> and <see cref="FaultAction.SlowBulkAction"/>, where it is needed, and
    /// <see cref="FaultAction.Reorder"/>, with 10 seconds by default: how long on the emulator's clock. More than zero, at most a year.
    /// </summary>
    public TimeSpan? Delay { get; init; }

    internal FaultStage Stage => Action switch
    {
        FaultAction.Delay or FaultAction.Reorder => FaultStage.BeforeAttempt,
        FaultAction.SlowBulkAction => FaultStage.BulkAction,
        FaultAction.Refuse or FaultAction.Duplicate or FaultAction.CorruptSignature or FaultAction.DropAnswer => FaultStage.Attempt,
        _ => FaultStage.ApiCall,
    };

    /// <summary>The member that cannot be used, and why; null when all can.</summary>
    internal (string Member, string Why)? FindProblem()
    {
        if (!Enum.IsDefined(Action))
            return (nameof(Action), "there is no such action");

        if (Stage == FaultStage.ApiCall && (Destination ?? Label ?? UrlGroup) is not null)
            return (Destination is not null ? nameof(Destination) : Label is not null ? nameof(Label) : nameof(UrlGroup), $"{Action} concerns API calls, which are matched by path and method");

        if (Stage == FaultStage.BulkAction && (Destination ?? UrlGroup ?? Method ?? Path) is not null)
        {
            var member = Destination is not null ? nameof(Destination) : UrlGroup is not null ? nameof(UrlGroup) : Method is not null ? nameof(Method) : nameof(Path);
            return (member, $"{Action} concerns cancels by filter, which are matched by label");
        }

        if (Stage != FaultStage.ApiCall && Path is not null)
            return (nameof(Path), $"{Action} concerns deliveries, which are matched by destination, label, URL group and method");

        if ((Destination ?? Path)?.Length > LongestPattern)
            return (Path is null ? nameof(Destination) : nameof(Path), $"it must not be longer than {LongestPattern} characters");

        if (!(Probability is >= 0 and <= 1))
            return (nameof(Probability), "it must be from 0 to 1");

        if (Count < 1)
            return (nameof(Count), "it must be at least 1");

        if (Delay is not null && Stage is not (FaultStage.BeforeAttempt or FaultStage.BulkAction))
            return (nameof(Delay), $"{Action} takes none");

        if (Delay is null && Action is (FaultAction.Delay or FaultAction.SlowBulkAction))
            return (nameof(Delay), "it is needed, for example 30s");

        return Delay <= TimeSpan.Zero || Delay > LongestDelay ? (nameof(Delay), "it must be more than zero and at most 365 days") : null;
    }

    internal bool Matches(Message message) =>
        IsLike(Destination, message.Target.Url)
        && (Label is null || message.Spec.Labels.Contains(Label))
        && (UrlGroup is null || UrlGroup == message.Target.TopicName)
        && HasMethod(message.Spec.Method);

    internal bool MatchesLabels(string[] labels) => Label is null || labels.Contains(Label);

    internal bool Matches(string method, string path) => IsLike(Path, path) && HasMethod(method);

    bool HasMethod(string method) => Method is null || Method.Equals(method, StringComparison.OrdinalIgnoreCase);

    static bool IsLike(string? pattern, string text)
    {
        if (pattern is null)
            return true;

        if (!pattern.Contains('*', StringComparison.Ordinal))
            return text.StartsWith(pattern, StringComparison.OrdinalIgnoreCase);

        var expression = Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal);
        return Regex.IsMatch(text, $@"^{expression}\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
    }
}
