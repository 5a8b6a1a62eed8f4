using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Polly.Timeout;

namespace QStash.Client;

// Sends one call and turns its outcome into a value or a typed exception.
sealed class QStashHttp
{
    // QStash lets a call wait up to one minute for the end of an action.
    static readonly TimeSpan BulkActionTimeout = TimeSpan.FromSeconds(75);

    readonly string _baseUrl;
    readonly Func<HttpClient> _client;
    readonly string _token;
    readonly string _authorization;
    readonly RequestPolicy _retried;
    readonly RequestPolicy _sentOnce;
    readonly TimeProvider _time;

    public QStashHttp(Func<HttpClient> client, QStashClientOptions options, TimeProvider time)
    {
        options.Validate();
        _client = client;
        _token = options.Token;
        _authorization = "Bearer " + options.Token;
        _time = time;
        _baseUrl = BaseUrl.Normalize(options.Url);
        _retried = new RequestPolicy(options.MaxRetries, options.AttemptTimeout, options.MaxRateLimitWait, IsRepeatable: true);
        _sentOnce = _retried with { IsRepeatable = false };
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> SendAsync<T>(QStashRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        await ThrowIfFailedAsync(response, cancellationToken, request.IsBulkAction).ConfigureAwait(false);
        return await ReadAsync(response, type, cancellationToken).ConfigureAwait(false);
    }

    public async Task<T?> FindAsync<T>(QStashRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken) where T : class
    {
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;

        await ThrowIfFailedAsync(response, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, type, cancellationToken).ConfigureAwait(false);
    }

    // Many of these answers have no documented body, so no body is read.
    public async Task SendAsync(QStashRequest request, bool ignoreNotFound, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!ignoreNotFound || response.StatusCode != HttpStatusCode.NotFound)
            await ThrowIfFailedAsync(response, cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> TrySendAsync(QStashRequest request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return false;

        await ThrowIfFailedAsync(response, cancellationToken).ConfigureAwait(false);
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    async ValueTask<HttpResponseMessage> SendAsync(QStashRequest request, CancellationToken cancellationToken)
    {
        using var message = Build(request);
        try
        {
            // The client belongs to the caller, or to the factory, which keeps the handler. So it is not disposed here.
            return await _client().SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutRejectedException ||
                                          (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A call that only reads leaves no doubt about its effect.
            var doubt = request.Method == HttpMethod.Get ? "." : "; whether it carried out the call is unknown.";
            throw new QStashUnreachableException(
                $"QStash at {_baseUrl} did not answer {request.Method} {request.Resource}{doubt}", exception);
        }
    }

    HttpRequestMessage Build(QStashRequest request)
    {
        // Without this option Uri resolves dot segments and re-encodes characters of the destination.
        var url = new Uri(_baseUrl + request.Path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(request.Method, url)
        {
            Content = request.Content,

            // HTTP/2 if the server offers it within TLS. Without TLS, and with other servers, the request uses HTTP/1.1.
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower
        };

        message.Headers.TryAddWithoutValidation("Authorization", _authorization);
        message.Options.Set(RequestPolicy.Key, Policy(request));

        if (request.Headers is not null)
        {
            foreach (var (name, value) in request.Headers)
                message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    RequestPolicy Policy(QStashRequest request)
    {
        var policy = request.IsRepeatable ? _retried : _sentOnce;
        return request.IsBulkAction && policy.AttemptTimeout < BulkActionTimeout
            ? policy with { AttemptTimeout = BulkActionTimeout }
            : policy;
    }

    async Task ThrowIfFailedAsync(HttpResponseMessage response, CancellationToken cancellationToken, bool isBulkAction = false)
    {
        if (!response.IsSuccessStatusCode)
            throw await FailedResponse.ReadAsync(response, _token, _time, isBulkAction, cancellationToken).ConfigureAwait(false);
    }

    static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        // This reads from memory, because HttpClient has already read the whole answer.
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);

        try
        {
            return JsonSerializer.Deserialize(answer, type) ?? throw new JsonException("The answer is null.");
        }
        catch (Exception exception) when (exception is JsonException or FormatException or NotSupportedException)
        {
            // The inner exception is left out, because its text may quote the answer.
            throw new QStashException(
                $"QStash answered {(int)response.StatusCode} with something other than the expected JSON. "
                + "Check that Url points to QStash.", response.StatusCode);
        }
    }
}
