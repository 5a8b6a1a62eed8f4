using System.Runtime.CompilerServices;
using MassTransit.Logging;
using MassTransit.Monitoring;

namespace MassTransit.QStash.Tests.Support;

static class ProcessMetrics
{
    // MassTransit measures with the meter of the first bus of the process, which here is gone after its test.
    [ModuleInitializer]
    internal static void OutliveTheFirstBus()
    {
        var options = new InstrumentationOptions();
        new ConfigureDefaultInstrumentationOptions().Configure(options);

        LogContextInstrumentationExtensions.TryConfigure(options);
    }
}
