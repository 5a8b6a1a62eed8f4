using System.Diagnostics;

namespace MassTransit.QStash.Tests.Support;

/// <summary>Collects traces, as an application with OpenTelemetry does. Other tests that run meanwhile see that too.</summary>
static class Traces
{
    /// <param name="sources">The names of the sources to listen to.</param>
    public static ActivityListener Collect(params string[] sources)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => sources.Contains(source.Name),
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);

        return listener;
    }
}
