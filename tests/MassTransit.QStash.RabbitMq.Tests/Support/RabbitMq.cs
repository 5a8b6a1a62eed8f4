using MassTransit.QStash.Benchmarks.Services;

[assembly: AssemblyFixture(typeof(MassTransit.QStash.RabbitMq.Tests.Support.RabbitMq))]

namespace MassTransit.QStash.RabbitMq.Tests.Support;

/// <summary>One server for all tests.</summary>
public sealed class RabbitMq : IAsyncDisposable
{
    readonly Lazy<Task<RabbitMqServer>> _server = new(RabbitMqServer.Start);

    /// <summary>The port of the server. Skips the test on a machine that has none, except in CI.</summary>
    public async Task<ushort> RequireAsync()
    {
        if (!RabbitMqServer.IsInstalled)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "Needs RabbitMQ: apt-get install rabbitmq-server.");
            throw new InvalidOperationException("CI has to install rabbitmq-server; .ci/run does.");
        }

        return (ushort)(await _server.Value).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
            await (await _server.Value).DisposeAsync();
    }
}
