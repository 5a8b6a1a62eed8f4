using MassTransit.QStashTransport.Background;
using QStash.Client;

namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// Sets the limits of flow control keys that an endpoint pins, whatever limits the messages bring. Until it succeeds the limits of the
/// messages apply, so nothing has to wait for it.
/// </summary>
/// <param name="flowControl">The keys of the account.</param>
/// <param name="pins">The wanted limits.</param>
sealed class FlowControlPins(IQStashFlowControl flowControl, IReadOnlyList<QStashFlowControlSettings> pins) : IDesiredState
{
    static readonly TimeSpan DefaultPeriod = TimeSpan.FromSeconds(1);

    // How soon after its first message a key is pinned. QStash creates the key with that message, and it cannot be pinned earlier.
    static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    IReadOnlyList<QStashFlowControlSettings> _missing = pins;
    volatile string[] _problems = [];

    public IReadOnlyCollection<string> Problems => _problems;

    public IReadOnlyCollection<string> Notes => [];

    public async Task<NextLook> ReconcileAsync(CancellationToken cancellationToken)
    {
        var missing = new List<QStashFlowControlSettings>();
        var problems = new List<string>();

        foreach (var wanted in _missing)
        {
            try
            {
                if (!await PinAsync(wanted, cancellationToken).ConfigureAwait(false))
                    missing.Add(wanted);
            }
            catch (QStashException exception)
            {
                LogContext.Warning?.Log(exception, "Flow control key {Key} is not pinned yet", wanted.Key);
                problems.Add($"flow control key {wanted.Key} is not pinned yet: {exception.Message}");
                missing.Add(wanted);
            }
        }

        (_missing, _problems) = (missing, [.. problems]);

        if (missing.Count == 0)
            return NextLook.Never;

        return problems.Count > 0 ? NextLook.Soon : NextLook.In(Pause);
    }

    // Reads the key, and writes only if it differs: pinning begins a new period, which lets a burst through.
    async Task<bool> PinAsync(QStashFlowControlSettings wanted, CancellationToken cancellationToken)
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
        wanted.Rate is null
            || (key.IsPinnedRate && key.RateMax == wanted.Rate && key.RatePeriod == WholeSeconds(wanted.Period ?? DefaultPeriod));

    // QStash gets the period in whole seconds.
    static TimeSpan WholeSeconds(TimeSpan period) => TimeSpan.FromSeconds(Math.Ceiling(period.TotalSeconds));
}
