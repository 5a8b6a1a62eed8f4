namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// When the application ends.
/// </summary>
/// <param name="Started">Cancelled when the application has started, so that its server listens.</param>
/// <param name="Stopping">
/// Cancelled when the application begins to stop, before the server has finished its requests and long before the bus stops.
/// </param>
/// <param name="ConsumersStopping">
/// Cancelled when consumers have had their time to finish since the application began to stop. The server waits for them before the bus
/// is stopped, so MassTransit itself would begin to count too late.
/// </param>
sealed record ApplicationLife(CancellationToken Started, CancellationToken Stopping, CancellationToken ConsumersStopping);
