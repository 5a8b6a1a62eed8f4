using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Dashboard;

/// <summary>
/// Tells one open page that its user's data changed, and what the clock shows. It looks four times a second, so that
/// neither a busy server nor many changes at once cost more than that.
/// </summary>
sealed class ChangeFeed(Account account, ChangeCounter changes, TimeProvider time)
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// <c>change</c> without data, and <c>clock</c> with <see cref="ClockNews"/>, each once at the start and then when it differs.
    /// </summary>
    public async IAsyncEnumerable<SseItem<string>> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A person waits for this, so it goes by the real clock even when the emulator's stands still.
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        (long, long)? seen = null;
        ClockNews? clock = null;
        do
        {
            var version = Version();
            if (seen != version)
            {
                seen = version;
                yield return new SseItem<string>("", "change");
            }

            var now = ClockNews.Of(time);
            if (!now.IsLike(clock))
            {
                clock = now;
                yield return new SseItem<string>(now.ToJson(), "clock");
            }
        }
        while (await NextAsync(timer, cancellationToken));
    }

    (long Writes, long Log) Version()
    {
        lock (account.Gate)
            return (changes.Value, account.Log.Version);
    }

    static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
