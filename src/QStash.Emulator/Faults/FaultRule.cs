using System.Text.RegularExpressions;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Faults;

/// <summary>
/// A fault, and the deliveries or calls it applies to. A member that is not set matches everything; all members that are set must match.
/// Patterns ignore case. In a pattern, <c>*</c> stands for any characters, and the whole text has to match; without it, the beginning has
/// to.
/// </summary>
/// <param name="Action">What happens.</param>
public sealed record FaultRule(FaultAction Action)
{
    const int LongestPattern = 1000;

    static readonly TimeSpan LongestDelay = TimeSpan.FromDays(365);

    /// <summary>A pattern for the URL a message is delivered to, such as <c>https://billing.example/*</c>. Deliveries only.</summary>
    public string? Destination { get; init; }

    /// <summary>A whole label of the message, or of the filter of a bulk action. Deliveries and bulk actions only.</summary>
    public string? Label { get; init; }

    /// <summary>The URL group the message was published to, in full. Deliveries only.</summary>
    public string? UrlGroup { get; init; }

    /// <summary>The HTTP method of the delivery or of the API call.</summary>
    public string? Method { get; init; }

    /// <summary>A pattern for the path of the API call as it was sent, without the query: <c>/v2/publish</c>. API calls only.</summary>
    public string? Path { get; init; }

    /// <summary>The probability that a match is hit, from 0 to 1. Default: 1, always.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>The number of hits after which the rule stops; at least 1. Default: unlimited.</summary>
    public int? Count { get; init; }

    /// <summary>
    /// The seed of the draws of <see cref="Probability"/>. The same seed hits the same matches, in the order they come. Default: a random
    /// seed, which <see cref="ActiveFault.Seed"/> shows.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>
    /// The length of the delay, on the emulator's clock. More than zero, at most a year. <see cref="FaultAction.Delay"/> and
    /// <see cref="FaultAction.SlowBulkAction"/> need it; <see cref="FaultAction.Reorder"/> has 10 seconds by default.
    /// </summary>
    public TimeSpan? Delay { get; init; }

    internal FaultStage Stage => Action switch
    {
        FaultAction.Delay or FaultAction.Reorder => FaultStage.BeforeAttempt,
        FaultAction.SlowBulkAction => FaultStage.BulkAction,
        FaultAction.Refuse or FaultAction.Duplicate or FaultAction.CorruptSignature or FaultAction.DropAnswer => FaultStage.Attempt,
        _ => FaultStage.ApiCall,
    };

    /// <summary>Tells which member is wrong, and why; null when none is.</summary>
    internal (string Member, string Why)? FindProblem()
    {
        if (!Enum.IsDefined(Action))
            return (nameof(Action), "there is no such action");

        if (Stage == FaultStage.ApiCall && (Destination ?? Label ?? UrlGroup) is not null)
        {
            var odd = Destination is not null ? nameof(Destination) : Label is not null ? nameof(Label) : nameof(UrlGroup);

            return (odd, $"{Action} concerns API calls, which are matched by path and method");
        }

        if (Stage == FaultStage.BulkAction && (Destination ?? UrlGroup ?? Method ?? Path) is not null)
        {
            var member = Destination is not null ? nameof(Destination)
                : UrlGroup is not null ? nameof(UrlGroup)
                : Method is not null ? nameof(Method)
                : nameof(Path);
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
        return Regex.IsMatch(
            text,
            $@"^{expression}\z",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
    }
}
