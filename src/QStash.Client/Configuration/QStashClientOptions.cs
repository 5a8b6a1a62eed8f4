using System.Diagnostics;

namespace QStash.Client;

/// <summary>How to reach QStash. <see cref="ToString"/> and the debugger do not show the token.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class QStashClientOptions
{
    /// <summary>The EU region.</summary>
    public static readonly Uri DefaultUrl = new("https://qstash.upstash.io");

    Uri? _url;

    /// <summary>
    /// Base URL. Default <see cref="DefaultUrl"/>. A path is kept, so that QStash may sit behind a gateway; a trailing slash
    /// and a pasted <c>/v2</c> or <c>/v2/publish</c> are dropped.
    /// </summary>
    public Uri Url
    {
        get => _url ?? DefaultUrl;
        set => _url = value;
    }

    /// <summary>The <c>QSTASH_TOKEN</c>. Required.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string Token { get; set; } = "";

    /// <summary>
    /// Retries of a call that is safe to repeat, after network failures, 5xx and 429; 0 turns them off. Default 4, with an
    /// exponential wait from 0.2 seconds and jitter, so about 3 seconds in all. Needs the resilience handler of
    /// <c>AddQStashHttpClient</c>.
    /// </summary>
    public int MaxRetries { get; set; } = 4;

    /// <summary>
    /// Longest time one attempt may take, including the answer's body. Default 30 seconds. There is no other time limit.
    /// Needs the resilience handler of <c>AddQStashHttpClient</c>.
    /// </summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Longest wait for the end of a rate limit; a limit that lasts longer fails the call at once. Default 5 seconds: enough for the burst
    /// limit, which lasts a second, while the daily limit fails. Any call may wait, even one that is not repeated after other failures,
    /// because QStash did not carry it out. Needs the resilience handler of <c>AddQStashHttpClient</c>.
    /// </summary>
    public TimeSpan MaxRateLimitWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether publishes that wait at the same time are sent together, as one <c>POST /v2/batch</c>. Default false. A publish is sent at
    /// once while few requests are under way; otherwise it is collected with others. Each caller gets the result or the error of its own
    /// message. Messages to one destination or through one queue arrive in the order of the calls. A message whose body is not UTF-8 is
    /// sent alone.
    /// </summary>
    public bool CoalescePublishes { get; set; }

    /// <summary>
    /// The clock of round trips. They are real, whatever clock a test gives the client: a wait for a virtual clock might never end.
    /// </summary>
    internal TimeProvider NetworkTime { get; set; } = TimeProvider.System;

    internal bool HasUrl => _url is not null;

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Token))
            throw new ArgumentException($"Token is missing. Set {QStashSettings.TokenVariable}; the QStash console shows it.");
        if (QStashSecret.FindTokenProblem(Token) is { } problem)
            throw new ArgumentException($"Token {problem}. Copy {QStashSettings.TokenVariable} again from the QStash console.");

        BaseUrl.Normalize(Url);

        if (MaxRetries < 0)
            throw new ArgumentException($"MaxRetries is {MaxRetries}; it must be zero or more.");
        if (AttemptTimeout <= TimeSpan.Zero || AttemptTimeout > TimeSpan.FromDays(1))
            throw new ArgumentException($"AttemptTimeout is {AttemptTimeout}; it must be more than zero and at most one day.");
        if (MaxRateLimitWait < TimeSpan.Zero || MaxRateLimitWait > TimeSpan.FromDays(1))
            throw new ArgumentException($"MaxRateLimitWait is {MaxRateLimitWait}; it must be from zero to one day.");
    }

    /// <summary>Shows the URL and whether there is a token.</summary>
    public override string ToString() =>
        $"{nameof(QStashClientOptions)} {{ Url = {Url}, Token = {(string.IsNullOrEmpty(Token) ? "missing" : "***")} }}";
}
