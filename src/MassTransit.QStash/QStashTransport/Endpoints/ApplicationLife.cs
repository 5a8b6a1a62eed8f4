namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// The stages of the application's life.
/// </summary>
/// <param name="Started">Cancelled when the application has started and its server listens.</param>
/// <param name="Stopping">
/// Cancelled when the application begins to stop. At that time the server still works on requests, and the bus stops much later.
/// </param>
/// <param name="ConsumersStopping">
/// Cancelled when the time that consumers have to finish is over, counted from when the application began to stop. The server waits for
/// them before the bus is stopped, so MassTransit itself would begin to count too late.
/// </param>
sealed record ApplicationLife(CancellationToken Started, CancellationToken Stopping, CancellationToken ConsumersStopping);
