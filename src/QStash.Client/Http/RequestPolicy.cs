namespace QStash.Client;

// The limits of a request. They travel with it to the resilience handler, so that one handler serves clients with different options.
sealed record RequestPolicy(int MaxRetries, TimeSpan AttemptTimeout, TimeSpan MaxRateLimitWait, bool IsRepeatable)
{
    public static readonly HttpRequestOptionsKey<RequestPolicy> Key = new("QStash.RequestPolicy");

    public static RequestPolicy? Find(HttpRequestMessage? request) =>
        request is not null && request.Options.TryGetValue(Key, out var policy) ? policy : null;
}
