namespace QStash.Client;

/// <summary>
/// The delivery settings of one message, schedule or retried dead letter: <see cref="QStashDeliverySettings"/>, and what is never
/// the same for many messages.
/// </summary>
public class QStashMessageSettings : QStashDeliverySettings
{
    /// <summary>Creates settings that leave everything to QStash.</summary>
    public QStashMessageSettings()
    {
    }

    /// <summary>Copies settings; the copy shares nothing with them that can be changed.</summary>
    public QStashMessageSettings(QStashDeliverySettings source)
        : base(source)
    {
        if (source is QStashMessageSettings message)
            (Method, Delay) = (message.Method, message.Delay);
    }

    /// <summary>HTTP method of the delivery: GET, POST, PUT, PATCH or DELETE. Default POST.</summary>
    public HttpMethod? Method { get; set; }

    /// <summary>
    /// Time to wait before the first delivery. Sent as whole seconds, rounded up. The plan sets the maximum
    /// (7 days on the free plan); more is answered with a <see cref="QStashQuotaException"/>.
    /// </summary>
    public TimeSpan? Delay { get; set; }
}
