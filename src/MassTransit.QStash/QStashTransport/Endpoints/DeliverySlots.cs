using System.Diagnostics.CodeAnalysis;

namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// Limits the deliveries that run at the same time to the <c>ConcurrentMessageLimit</c> of an endpoint.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim without wait handle holds nothing to dispose of.")]
sealed class DeliverySlots(int? limit)
{
    readonly SemaphoreSlim? _slots = limit is { } count ? new SemaphoreSlim(count) : null;

    /// <summary>Takes a slot if one is free. The caller must release it.</summary>
    public bool TryTake() => _slots?.Wait(0, CancellationToken.None) ?? true;

    /// <summary>Waits for a slot. The caller must release it.</summary>
    /// <param name="cancellations">Each of these ends the wait. None of them stops a delivery that already runs.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled before a slot was free.</exception>
    public async Task Take(params CancellationToken[] cancellations)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellations);
        await _slots!.WaitAsync(source.Token).ConfigureAwait(false);
    }

    public void Release() => _slots?.Release();
}
