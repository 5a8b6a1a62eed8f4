using MassTransit.QStash.Tests.Compliance;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

public sealed class On_the_emulator : ComplianceTests
{
    internal override async Task<IQStashUnderTest> ConnectAsync() => new EmulatorUnderTest(await Cloud.StartAsync());
}

/// <summary>
/// The same against Upstash; see CONTRIBUTING.md. There is one address, so these run one after the other.
/// </summary>
public sealed class On_a_real_QStash : ComplianceTests
{
    internal override Task<IQStashUnderTest> ConnectAsync()
    {
        Assert.SkipUnless(RealQStashSettings.Current is not null, RealQStashSettings.Reason);

        return Task.FromResult<IQStashUnderTest>(new RealQStashUnderTest(RealQStashSettings.Current));
    }
}
