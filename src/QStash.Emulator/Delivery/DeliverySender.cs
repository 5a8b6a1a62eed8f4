using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Text;
using QStash.Emulator.Grammar;
using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

/// <summary>Calls a destination once. Every outcome is a result; nothing is thrown except when the emulator stops.</summary>
sealed class DeliverySender : IDisposable
{
    readonly TimeProvider _time;
    readonly HttpMessageInvoker _invoker;
    readonly bool _ownHandler;
    readonly QuotaPlan _plan;
    readonly string _region;

    public DeliverySender(QStashEmulatorOptions options)
    {
        _time = options.TimeProvider;
        _plan = options.Quota;
        // The header has the region with hyphens.
        _region = options.Region.Replace('_', '-');
        _ownHandler = options.DeliveryHandler is null;
        _invoker = options.DeliveryHandler is { } handler
            ? new HttpMessageInvoker(handler, disposeHandler: false)
            : new HttpMessageInvoker(CreateHandler());
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The invoker owns the handler.")]
    [SuppressMessage("Security", "CA5359", Justification = "It throws where it refuses one.")]
    static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        // QStash sends no trace headers, so this process does not send its own.
        ActivityHeadersPropagator = null,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        SslOptions = { RemoteCertificateValidationCallback = DestinationCertificate.Check },
    };

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a destination or its handler does is a failed attempt.")]
    public async Task<AttemptResult> SendAsync(Message message, int retried, CancellationToken stopping, bool corruptSignature = false)
    {
        var timeout = message.Spec.Timeout is { } wanted && wanted < _plan.MaxHttpDuration ? wanted : _plan.MaxHttpDuration;
        using var limit = new CancellationTokenSource(timeout, _time);
        await using var stopped = stopping.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), limit);
        try
        {
            using var request = DeliveryRequest.Create(message, retried, _ownHandler, _region, corruptSignature, _time.GetUtcNow());
            using var response = await _invoker.SendAsync(request, limit.Token);
            return new AttemptResult
            {
                Status = (int)response.StatusCode,
                Body = await ReadBodyAsync(response.Content, BodyLimit(message.Spec), limit.Token),
                Headers = ReadHeaders(response),
            };
        }
        catch (Exception exception)
        {
            stopping.ThrowIfCancellationRequested();
            return new AttemptResult { TransportError = limit.IsCancellationRequested ? "context deadline exceeded" : Describe(exception) };
        }
    }

    public void Dispose() => _invoker.Dispose();

    /// <summary>How many bytes of an answer are read. A callback may carry as much as a message; otherwise less is enough.</summary>
    int BodyLimit(MessageSpec spec) =>
        spec.Callback is null && spec.FailureCallback is null
            ? Math.Min(_plan.MaxMessageSize, AttemptResult.KeptBody)
            : _plan.MaxMessageSize;

    static async Task<byte[]> ReadBodyAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength == 0)
            return [];

        using var kept = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            int read;
            while (kept.Length < limit && (read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
                kept.Write(buffer, 0, (int)Math.Min(read, limit - kept.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return kept.ToArray();
    }

    static HeaderList ReadHeaders(HttpResponseMessage response) =>
        new(response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Select(static header => KeyValuePair.Create(HeaderName.Canonical(header.Key), header.Value.ToArray())));

    static string Describe(Exception exception) => exception switch
    {
        HttpRequestException { InnerException: SocketException socket } => $"connection failed: {socket.SocketErrorCode}",
        HttpRequestException { InnerException: RefusedCertificateException refused } => refused.Message,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            "no secure connection: does the destination speak https on this port?",
        HttpRequestException http => $"request failed: {http.HttpRequestError}",
        _ => $"request failed: {exception.GetType().Name}",
    };
}
