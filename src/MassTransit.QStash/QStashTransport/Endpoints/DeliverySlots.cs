using System.Diagnostics.CodeAnalysis;

namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// Lets as many deliveries in at a time as the <c>ConcurrentMessageLimit</c> of an endpoint says.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim without wait handle holds nothing to dispose of.")]
sealed class DeliverySlots(int? limit)
{
    readonly SemaphoreSlim? _slots = limit is { } count ? new SemaphoreSlim(count) : null;

    /// <summary>Waits for a slot, which is to be released.</summary>
    /// <param name="cancellations">What ends the wait, and only that: what runs is finished.</param>
    /// <exception cref="OperationCanceledException">There is none.</exception>
    public async ValueTask Take(params CancellationToken[] cancellations)
    {
        if (_slots is null || _slots.Wait(0, CancellationToken.None))
            return;

        using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellations);
        await _slots.WaitAsync(source.Token).ConfigureAwait(false);
    }

    public void Release() => _slots?.Release();
}
