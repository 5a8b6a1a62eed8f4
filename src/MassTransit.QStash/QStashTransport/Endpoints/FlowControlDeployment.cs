using MassTransit.QStashTransport.Configuration;
using QStash.Client;

namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// Pins the flow control keys of an endpoint when it starts. Until that succeeds the limits are those the messages carry, so
/// nothing has to wait for it.
/// </summary>
sealed class FlowControlDeployment(QStashHostConfiguration hostConfiguration, IReadOnlyList<QStashFlowControlSettings> pins)
{
    // How soon after its first message a key is pinned.
    static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Pins what can be pinned now, and goes on with the rest in the background.</summary>
    public async Task DeployAsync(CancellationToken stopping)
    {
        if (!hostConfiguration.Settings.DeploysTopology)
            return;

        var missing = await Pin(pins, stopping).ConfigureAwait(false);

        if (missing.Count > 0 && !hostConfiguration.DeployTopologyOnly)
            _ = PinUntilDone(missing, stopping);
    }

    async Task PinUntilDone(IReadOnlyList<QStashFlowControlSettings> missing, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Pause, hostConfiguration.TimeProvider);

        try
        {
            while (missing.Count > 0 && await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
                missing = await Pin(missing, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    // Returns those that are to be tried again.
    async Task<IReadOnlyList<QStashFlowControlSettings>> Pin(IReadOnlyList<QStashFlowControlSettings> wanted, CancellationToken stopping)
    {
        var keys = new FlowControlPins(hostConfiguration.Client.FlowControl);
        var missing = new List<QStashFlowControlSettings>();

        foreach (var settings in wanted)
        {
            try
            {
                if (!await keys.DeployAsync(settings, stopping).ConfigureAwait(false))
                    missing.Add(settings);
            }
            catch (QStashException exception)
            {
                LogContext.Warning?.Log(exception, "Flow control key {Key} is not pinned yet", settings.Key);

                missing.Add(settings);
            }
        }

        return missing;
    }
}
