namespace MassTransit.QStashTransport.Reports;

/// <summary>
/// Resolves the bus on each call, because a test harness may have replaced it with one on another transport.
/// </summary>
sealed class DeadLettersOfBus(Func<IQStashDeadLetters> deadLetters) : IQStashDeadLetters
{
    IQStashDeadLetters DeadLetters => deadLetters();

    public IAsyncEnumerable<QStashDeadLetterContext> ListAsync(QStashDeadLetterQuery? query = null,
        CancellationToken cancellationToken = default) =>
        DeadLetters.ListAsync(query, cancellationToken);

    public Task<QStashDeadLetterContext?> GetAsync(string dlqId, CancellationToken cancellationToken = default) =>
        DeadLetters.GetAsync(dlqId, cancellationToken);

    public Task<string?> ReplayAsync(string dlqId, CancellationToken cancellationToken = default) =>
        DeadLetters.ReplayAsync(dlqId, cancellationToken);

    public Task<int> ReplayAsync(QStashDeadLetterQuery query, CancellationToken cancellationToken = default) =>
        DeadLetters.ReplayAsync(query, cancellationToken);

    public Task<bool> DeleteAsync(string dlqId, CancellationToken cancellationToken = default) =>
        DeadLetters.DeleteAsync(dlqId, cancellationToken);

    public Task<int> DeleteAsync(QStashDeadLetterQuery query, CancellationToken cancellationToken = default) =>
        DeadLetters.DeleteAsync(query, cancellationToken);
}
