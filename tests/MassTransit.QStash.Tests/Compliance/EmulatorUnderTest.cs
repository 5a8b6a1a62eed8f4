using MassTransit.QStash.Tests.Support;
using QStash.Client;

namespace MassTransit.QStash.Tests.Compliance;

sealed class EmulatorUnderTest(Cloud cloud) : IQStashUnderTest
{
    public IQStashClient Client => cloud.Client;

    public Uri Url => cloud.Emulator.Url;

    public string Token => cloud.Emulator.DefaultUser.Token;

    public ComplianceReport Report => ComplianceReport.OfEmulator;

    public Task<Service> StartServiceAsync(Action<ServiceBuilder> configure) => cloud.StartServiceAsync("service", configure);

    public Task PassTimeAsync(TimeSpan by) => cloud.AdvanceAsync(by);

    public async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        await cloud.WaitUntilIdleAsync();

        Assert.True(await condition());
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();
}
