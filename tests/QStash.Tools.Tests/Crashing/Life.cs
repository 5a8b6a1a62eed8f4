using System.Net.Http.Headers;

namespace QStash.Tools.Tests.Crashing;

/// <summary>The time between two kills.</summary>
sealed class Life : IDisposable
{
    public Life(Uri url, string token)
    {
        Http = new HttpClient { BaseAddress = url };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>One for each life, because connections to the process before are of no use.</summary>
    public HttpClient Http { get; }

    /// <summary>Released once for each publish that was answered.</summary>
    public SemaphoreSlim Answers { get; } = new(0);

    /// <summary>Completes when a delivery is open that will be when the process is killed.</summary>
    public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the next life has begun.</summary>
    public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => Http.Dispose();
}
