using QStash.Client;

namespace MassTransit.QStashTransport.Topology;

/// <summary>
/// Makes the limits of flow control keys those that endpoints want, whatever the messages say.
/// </summary>
sealed class FlowControlPins(IQStashFlowControl flowControl)
{
    static readonly TimeSpan DefaultPeriod = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Reads a key, and writes only what differs: pinning begins a new period, and so lets a burst through.
    /// </summary>
    /// <returns>Whether it is done. A key comes into existence with the first message that carries it, and cannot be pinned before.</returns>
    public async Task<bool> DeployAsync(QStashFlowControlSettings wanted, CancellationToken cancellationToken)
    {
        if (await flowControl.GetAsync(wanted.Key, cancellationToken).ConfigureAwait(false) is not { } key)
            return false;

        if (!HasParallelism(key, wanted) || !HasRate(key, wanted))
        {
            LogContext.Debug?.Log("Pin flow control key {Key}: rate {Rate}, period {Period}, parallelism {Parallelism}",
                wanted.Key, wanted.Rate, wanted.Period, wanted.Parallelism);

            await flowControl.PinAsync(wanted, cancellationToken).ConfigureAwait(false);
        }

        var parallelismIsOld = key.IsPinnedParallelism && wanted.Parallelism is null;
        var rateIsOld = key.IsPinnedRate && wanted.Rate is null;

        if (parallelismIsOld || rateIsOld)
            await flowControl.UnpinAsync(wanted.Key, parallelismIsOld, rateIsOld, cancellationToken).ConfigureAwait(false);

        return true;
    }

    static bool HasParallelism(QStashFlowControlKey key, QStashFlowControlSettings wanted) =>
        wanted.Parallelism is null || (key.IsPinnedParallelism && key.ParallelismMax == wanted.Parallelism);

    static bool HasRate(QStashFlowControlKey key, QStashFlowControlSettings wanted) =>
        wanted.Rate is null || (key.IsPinnedRate && key.RateMax == wanted.Rate && key.RatePeriod == WholeSeconds(wanted.Period ?? DefaultPeriod));

    // As it is sent.
    static TimeSpan WholeSeconds(TimeSpan period) => TimeSpan.FromSeconds(Math.Ceiling(period.TotalSeconds));
}
