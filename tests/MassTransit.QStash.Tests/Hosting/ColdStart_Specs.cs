using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>What makes each wake of a service slower and its memory larger, although few wakes need it.</summary>
public class A_service_that_waits_for_its_first_delivery
{
    [Theory]
    [InlineData("libSystem.Security.Cryptography.Native.OpenSsl.so")]
    [InlineData("Polly.Core.dll")]
    [InlineData("Polly.Extensions.dll")]
    [InlineData("System.Collections.Immutable.dll")]
    public async Task Has_not_loaded(string file)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads the loaded files from /proc.");
        await using var cloud = await Cloud.StartAsync(TimeProvider.System);
        await using var service = await ServiceProcess.StartAsync(cloud, "work.test", "--idle");

        var loaded = service.ReadLoadedFiles();

        Assert.Contains("MassTransit.QStash.dll", loaded);
        Assert.DoesNotContain(file, loaded);
    }
}
