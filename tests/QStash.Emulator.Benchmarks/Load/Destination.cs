using System.Net;

namespace QStash.Emulator.Benchmarks.Load;

/// <summary>Takes the place of the network and answers every delivery with 200 at once.</summary>
sealed class Destination(int expected) : HttpMessageHandler
{
    readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _count;

    /// <summary>Completes with the last delivery that is expected.</summary>
    public Task Reached => _reached.Task;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _count) == expected)
            _reached.SetResult();

        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    }
}
