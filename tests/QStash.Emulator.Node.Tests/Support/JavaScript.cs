[assembly: AssemblyFixture(typeof(QStash.Emulator.Node.Tests.Support.JavaScript))]

namespace QStash.Emulator.Node.Tests.Support;

/// <summary>One process of node for all tests.</summary>
public sealed class JavaScript : IAsyncDisposable
{
    readonly Lazy<NodeProcess> _process = new(static () => NodeProcess.Start());

    /// <summary>The process. Skips the test on a machine without node or the npm packages, except in CI.</summary>
    internal NodeProcess Require()
    {
        if (NodeProcess.Missing is { } missing)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", missing);
            throw new InvalidOperationException(missing);
        }

        return _process.Value;
    }

    public ValueTask DisposeAsync() => _process.IsValueCreated ? _process.Value.DisposeAsync() : ValueTask.CompletedTask;
}
