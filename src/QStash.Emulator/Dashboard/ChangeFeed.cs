using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Dashboard;

/// <summary>
/// Tells an open page that the data of its user has changed, and what the clock shows. It looks four times a second, however busy the
/// server is.
/// </summary>
sealed class ChangeFeed(Account account, ChangeCounter changes, TimeProvider time)
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Sends <c>change</c> without data, and <c>clock</c> with <see cref="ClockNews"/>: once at the start, and then when something differs.
    /// </summary>
    public async IAsyncEnumerable<SseItem<string>> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A person waits for this, so it uses the real clock. The emulator's may stand still.
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
