namespace QStash.Client;

sealed class SigningKeysApi(QStashHttp http) : IQStashSigningKeys
{
    public Task<QStashSigningKeys> GetAsync(CancellationToken cancellationToken = default) =>
        http.SendAsync(QStashRequest.Get("/v2/keys"), QStashJson.Default.QStashSigningKeys, cancellationToken).AsTask();

    // Sent once: a second rotation would retire a key that receivers still need.
    public Task<QStashSigningKeys> RotateAsync(CancellationToken cancellationToken = default) =>
        http.SendAsync(QStashRequest.Post("/v2/keys/rotate"), QStashJson.Default.QStashSigningKeys, cancellationToken).AsTask();
}
