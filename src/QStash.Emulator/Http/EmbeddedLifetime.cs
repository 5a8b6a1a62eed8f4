namespace QStash.Emulator.Http;

/// <summary>Replaces the console lifetime: an emulator inside a test process must not take its Ctrl+C.</summary>
sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
