using MassTransit.QStashTransport.Testing;
using MassTransit.Testing;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit;

/// <summary>
/// Helps MassTransit's test harness with messages that travel over HTTP.
/// </summary>
public static class QStashTestHarnessExtensions
{
    /// <summary>
    /// Lets the test harness count a message as activity while it is on its way from this service through QStash back to it. Without
    /// it <c>harness.Consumed.Any&lt;T&gt;()</c> gives up when QStash takes longer than the inactivity timeout to deliver.
    /// </summary>
    /// <remarks>
    /// Call it within <c>AddMassTransitTestHarness</c>. The timeouts are MassTransit's (<c>SetTestTimeouts</c>; 1.2 and 30 seconds of
    /// real time, also on a virtual clock): from its first message on, a bus is inactive when nothing is sent, under way or consumed
    /// for the first of them. Not counted are messages that are due later, and those that other services send or receive. A message
    /// that never arrives ends the test after the second, and so does <c>harness.InactivityTask</c>: use <c>InactivityToken</c> or the
    /// lists of messages.
    /// </remarks>
    /// <param name="configurator">The configurator of <c>AddMassTransitTestHarness</c>.</param>
    public static void AddQStashInactivity(this IBusRegistrationConfigurator configurator)
    {
        ArgumentNullException.ThrowIfNull(configurator);

        // The harness has no place for another source of activity, but can be told: so its own timers are put off to the end.
        var inactivityTimeout = TimeSpan.Zero;
        configurator.PostConfigure<TestHarnessOptions>(options =>
        {
            inactivityTimeout = options.TestInactivityTimeout;
            options.TestInactivityTimeout = options.TestTimeout;
        });

        configurator.AddBusObserver(provider => new InactivityMonitor(
            provider.GetRequiredService<ITestHarness>(),
            () => provider.GetRequiredService<IBusInstance>().HostConfiguration.HostAddress,
            () => inactivityTimeout));
    }
}
