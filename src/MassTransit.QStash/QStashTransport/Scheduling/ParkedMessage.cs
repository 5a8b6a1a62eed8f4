using System.Globalization;
using System.Text.Json;
using MassTransit.QStashTransport.Receiving;
using MassTransit.QStashTransport.Sending;
using QStash.Client;

namespace MassTransit.QStashTransport.Scheduling;

/// <summary>
/// A message that waits at this service for a part of its time.
/// </summary>
/// <param name="Message">
/// The message as it is to be delivered, due at its <see cref="QStashMessage.NotBefore"/>. Body and headers for the receiver travel
/// as those of the parked message.
/// </param>
/// <param name="HeaderNames">Which headers these are.</param>
/// <param name="Key">Tells the message from all others.</param>
/// <param name="Stop">Counts where it waits.</param>
sealed record ParkedMessage(QStashMessage Message, string[] HeaderNames, string Key, int Stop)
{
    const string HeaderName = "MassTransit-Parked";

    // What is left of the 32 KiB that servers take for all headers of a request, when QStash has added its own.
    const int MaxHeadersLength = 24 * 1024;

    /// <summary>By which it is found at this stop, and nothing else is.</summary>
    public string Label => string.Create(CultureInfo.InvariantCulture, $"mt-parked.{Key}.{Stop}");

    public static ParkedMessage Create(QStashMessage message, DateTimeOffset due) =>
        new(Copy(message, due), [.. message.ForwardHeaders.Keys], NewId.NextGuid().ToString("N"), Stop: 1);

    /// <summary>Reads what <see cref="ToHeaders"/> wrote; null if it was written by somebody else.</summary>
    public static ParkedMessage? Read(QStashDelivery delivery)
    {
        if (!delivery.HttpHeaders.TryGetValue(HeaderName, out var text))
            return null;

        try
        {
            if (DeliveryProperties.Read<ParkedMessage>(text) is not { Message.NotBefore: not null, HeaderNames: not null, Key: not null } parked)
                return null;

            parked.Message.Body = delivery.Body.GetBytes();

            // By name, for QStash changes its case (contract 3.6).
            foreach (var name in parked.HeaderNames)
            {
                if (delivery.HttpHeaders.TryGetValue(name, out var value))
                    parked.Message.ForwardHeaders[name] = value;
            }

            return parked;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The same for the next stop. Each attempt to get there is a message of its own for QStash.</summary>
    public ParkedMessage Next()
    {
        Message.DeduplicationId = $"{Key}-{NewId.NextGuid():N}";

        return this with { Stop = Stop + 1 };
    }

    /// <summary>The message to deliver, at once if it is due.</summary>
    public QStashMessage ToMessage(DateTimeOffset now)
    {
        var message = Copy(Message, Message.NotBefore > now ? Message.NotBefore : null);
        message.Labels.Add(Label);

        return message;
    }

    public IDictionary<string, string> ToHeaders()
    {
        // The body and these headers are there already.
        var facts = Copy(Message, Message.NotBefore);
        facts.Body = default;
        facts.ForwardHeaders.Clear();

        var headers = new Dictionary<string, string>(Message.ForwardHeaders, StringComparer.OrdinalIgnoreCase)
        {
            [HeaderName] = DeliveryProperties.Write(this with { Message = facts }),
        };

        var length = headers.Sum(header => header.Key.Length + header.Value.Length);

        return length <= MaxHeadersLength
            ? headers
            : throw new ArgumentException($"The headers of the message and its callbacks take {length} characters, too many for a message that is parked (AllowRescheduling). Put the data into the message.");
    }

    /// <summary>Where headers are to be kept secret, so is what this adds.</summary>
    public static IList<string> Redact(IList<string> fields) =>
        fields.Any(field => field.StartsWith("header[", StringComparison.Ordinal)) ? [.. fields, $"header[{HeaderName}]"] : [.. fields];

    static QStashMessage Copy(QStashMessage message, DateTimeOffset? notBefore) => new(message)
    {
        Destination = message.Destination,
        Body = message.Body,
        ContentType = message.ContentType,
        NotBefore = notBefore,
        Delay = null,
        DeduplicationId = message.DeduplicationId,
        Queue = message.Queue,
    };
}
