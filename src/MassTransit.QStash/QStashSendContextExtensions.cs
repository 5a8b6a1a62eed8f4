using MassTransit.QStashTransport.Outgoing;
using MassTransit.Serialization;
using QStash.Client;

namespace MassTransit;

/// <summary>
/// Sets how QStash delivers one message. The values are checked when the message is sent.
/// </summary>
/// <remarks>
/// Each method throws an <see cref="ArgumentException"/> when the message is not sent through QStash; where that may be, as on a
/// bus of another transport, use <c>context.TryGetPayload(out QStashSendContext sendContext)</c>.
/// </remarks>
public static class QStashSendContextExtensions
{
    /// <summary>
    /// Sets all that QStash knows of a message, such as its <see cref="QStashSendContext.DeduplicationId"/>.
    /// </summary>
    /// <param name="context">The send context.</param>
    /// <param name="configure">Changes the context of the transport.</param>
    public static void UseQStash(this SendContext context, Action<QStashSendContext> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);

        configure(QStash(context));
    }

    /// <inheritdoc cref="QStashDeliverySettings.Retries"/>
    public static void SetRetries(this SendContext context, int retries) => Delivery(context).Retries = retries;

    /// <inheritdoc cref="QStashDeliverySettings.RetryDelay"/>
    public static void SetRetryDelay(this SendContext context, string expression) => Delivery(context).RetryDelay = expression;

    /// <inheritdoc cref="QStashDeliverySettings.Timeout"/>
    public static void SetTimeout(this SendContext context, TimeSpan timeout) => Delivery(context).Timeout = timeout;

    /// <summary>
    /// The HTTP method of the delivery. Default POST. For third-party URLs: receive endpoints take nothing but POST.
    /// </summary>
    public static void SetMethod(this SendContext context, HttpMethod method) => Delivery(context).Method = method;

    /// <summary>
    /// Adds a header for the receiver of the HTTP request, such as a third-party webhook. MassTransit's own headers, which
    /// consumers see, are <see cref="SendContext.Headers"/>.
    /// </summary>
    /// <param name="context">The send context.</param>
    /// <param name="name">The name of the header.</param>
    /// <param name="value">Printable ASCII. QStash stores it; see <see cref="RedactHeaders"/>.</param>
    public static void SetForwardHeader(this SendContext context, string name, string value) =>
        Delivery(context).ForwardHeaders[name] = value;

    /// <summary>Limits how many messages under one key are delivered, in a period and at the same time. More wait at QStash.</summary>
    /// <param name="context">The send context.</param>
    /// <param name="key"><inheritdoc cref="QStashFlowControlSettings.Key" path="/summary/node()"/></param>
    /// <param name="rate"><inheritdoc cref="QStashFlowControlSettings.Rate" path="/summary/node()"/></param>
    /// <param name="period"><inheritdoc cref="QStashFlowControlSettings.Period" path="/summary/node()"/></param>
    /// <param name="parallelism"><inheritdoc cref="QStashFlowControlSettings.Parallelism" path="/summary/node()"/></param>
    public static void SetFlowControl(this SendContext context, string key, int? rate = null, TimeSpan? period = null, int? parallelism = null) =>
        Delivery(context).FlowControl = new QStashFlowControlSettings { Key = key, Rate = rate, Period = period, Parallelism = parallelism };

    /// <summary>Replaces the labels of the message.</summary>
    /// <param name="context">The send context.</param>
    /// <param name="labels">Printable ASCII without commas.</param>
    public static void SetLabels(this SendContext context, params string[] labels)
    {
        Delivery(context).Labels.Clear();

        foreach (var label in labels)
            context.AddLabel(label);
    }

    /// <summary>Adds a label, by which the message is found in the API and the console.</summary>
    /// <param name="context">The send context.</param>
    /// <param name="label">Printable ASCII without commas.</param>
    public static void AddLabel(this SendContext context, string label) => Delivery(context).Labels.Add(label);

    /// <summary>Keeps the body out of QStash's console, logs and API, which show a hash in its place.</summary>
    public static void RedactBody(this SendContext context) => Delivery(context).RedactFields.Add("body");

    /// <summary>Keeps headers out of QStash's console, logs and API, which show hashes in their place.</summary>
    /// <param name="context">The send context.</param>
    /// <param name="names">The headers; none for all of them.</param>
    public static void RedactHeaders(this SendContext context, params string[] names)
    {
        var fields = Delivery(context).RedactFields;

        if (names.Length == 0)
            fields.Add("header");

        foreach (var name in names)
            fields.Add($"header[{name}]");
    }

    /// <summary>
    /// Reports the outcome of every attempt to deliver the message, as <see cref="QStashDelivered"/> or
    /// <see cref="QStashDeliveryAttemptFailed"/> (P4, S8).
    /// </summary>
    /// <param name="context">The send context.</param>
    /// <param name="address">
    /// Where to: <c>queue:name</c> for a receive endpoint, which need not be in this process, or any https URL, which gets QStash's
    /// own JSON; null for nowhere, whatever the bus or the message type says.
    /// </param>
    /// <param name="configure">Retries, timeout and more of the callback. Default: the retries of the message.</param>
    public static void SetCallback(this SendContext context, Uri? address, Action<QStashCallbackOptions>? configure = null) =>
        CallbackRequest.SetCallback(Delivery(context), address, configure);

    /// <summary>
    /// Reports that QStash gave the message up, as <see cref="QStashDeliveryFailed"/> (P4, S6, S8). If no receive endpoint answered
    /// why, the one that gets the report also raises a <c>Fault&lt;T&gt;</c>.
    /// </summary>
    /// <inheritdoc cref="SetCallback"/>
    public static void SetFailureCallback(this SendContext context, Uri? address, Action<QStashCallbackOptions>? configure = null) =>
        CallbackRequest.SetFailureCallback(Delivery(context), address, configure);

    /// <inheritdoc cref="QStashSendContext.Deduplication"/>
    public static void SetDeduplication(this SendContext context, QStashDeduplication deduplication) =>
        QStash(context).Deduplication = deduplication;

    /// <inheritdoc cref="QStashSendContext.QueueName"/>
    public static void SetQueueName(this SendContext context, string? queueName) => QStash(context).QueueName = queueName;

    /// <summary>
    /// Sends the message as anybody would send JSON: the message alone as the body, <c>application/json</c>, and each header set
    /// on the context as an HTTP header of its own, which must be printable ASCII. For webhooks and other receivers that do not know
    /// MassTransit. What MassTransit adds elsewhere (ids, addresses, time to live) is left out; a trace goes on as <c>traceparent</c>.
    /// </summary>
    /// <remarks>
    /// For all messages of a bus or an endpoint: <c>UseRawJsonSerializer(RawSerializerOptions.AnyMessageType)</c>. With
    /// <see cref="RawSerializerOptions.AddTransportHeaders"/> the body is the same, and MassTransit's headers come with it. A
    /// transactional outbox can only replay what the bus can read: with one, the bus needs <c>cfg.UseRawJsonDeserializer()</c>.
    /// </remarks>
    public static void SendAsPlainJson(this SendContext context)
    {
        QStash(context).IsPlainJson = true;

        context.Serializer = new SystemTextJsonRawMessageSerializer(RawSerializerOptions.AnyMessageType);
    }

    static QStashDeliverySettings Delivery(SendContext context) => QStash(context).Delivery;

    static QStashSendContext QStash(SendContext context)
    {
        ArgumentNullException.ThrowIfNull(context);

        return context.TryGetPayload(out QStashSendContext? sendContext)
            ? sendContext
            : throw new ArgumentException("The message is not sent through QStash. Use context.TryGetPayload(out QStashSendContext? sendContext) where it may go through another transport.", nameof(context));
    }
}
