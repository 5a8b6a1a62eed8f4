namespace QStash.Client;

/// <summary>
/// The delivery settings of one message, schedule or retried dead letter: <see cref="QStashDeliverySettings"/>, and the settings that many
/// messages cannot share.
/// </summary>
public class QStashMessageSettings : QStashDeliverySettings
{
    /// <summary>Creates settings with QStash's defaults.</summary>
    public QStashMessageSettings()
    {
    }

    /// <summary>Copies settings. Changes to the copy do not affect the source, and the other way round.</summary>
    public QStashMessageSettings(QStashDeliverySettings source)
        : base(source)
    {
        if (source is QStashMessageSettings message)
            (Method, Delay) = (message.Method, message.Delay);
    }

    /// <summary>HTTP method of the delivery: GET, POST, PUT, PATCH or DELETE. Default POST.</summary>
    public HttpMethod? Method { get; set; }

    /// <summary>
    /// Time to wait before the first delivery. Sent as whole seconds, rounded up. The plan sets the maximum (7 days on the Free plan); a
    /// longer delay fails with a <see cref="QStashQuotaException"/>.
    /// </summary>
    public TimeSpan? Delay { get; set; }
}
