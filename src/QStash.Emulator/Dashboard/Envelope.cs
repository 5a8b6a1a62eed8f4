using System.Text.Json;
using QStash.Emulator.Messages;

namespace QStash.Emulator.Dashboard;

/// <summary>
/// Data about a message from MassTransit's envelope. It is read from the body, or, if the body is the message alone, from the transport's
/// header.
/// </summary>
sealed record Envelope
{
    /// <summary>The header of the transport; a JSON object of texts.</summary>
    const string HeaderName = "Masstransit-Headers";

    /// <summary>The part of an envelope before the message itself has fewer bytes than this.</summary>
    const int LongestStart = 64 * 1024;

    public string? MessageId { get; private set; }

    public string? ConversationId { get; private set; }

    public string? CorrelationId { get; private set; }

    public string? InitiatorId { get; private set; }

    public string? RequestId { get; private set; }

    /// <summary>The endpoint, or the bus, that sent it.</summary>
    public string? SourceAddress { get; private set; }

    /// <summary>The most specific type, such as <c>urn:message:Shop.Contracts:OrderSubmitted</c>.</summary>
    public string? MessageType { get; private set; }

    /// <summary>The MessageId of the message that this one is the fault of.</summary>
    public string? FaultedMessageId { get; private set; }

    /// <summary>The envelope of a message with redactions; <see langword="null"/> when it has none.</summary>
    public static Envelope? Of(MessageSpec spec)
    {
        var envelope = new Envelope();
        try
        {
            if (spec.Headers.TryGetValue(HeaderName, out var headers) && headers.Length > 0)
                envelope.ReadHeaders(headers[0]);

            envelope.ReadBody(spec.Body);
        }
        catch (JsonException)
        {
            // The text is not JSON or is cut off. The members that were read so far count.
        }

        return envelope.MessageType is null && envelope.MessageId is null ? null : envelope;
    }

    void ReadHeaders(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            return;

        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.String)
                SetHeader(member.Name, member.Value.GetString()!);
        }
    }

    void SetHeader(string name, string value)
    {
        switch (name.ToUpperInvariant())
        {
            case "MESSAGEID":
                MessageId = value;
                break;
            case "CONVERSATIONID":
                ConversationId = value;
                break;
            case "CORRELATIONID":
                CorrelationId = value;
                break;
            case "MT-INITIATOR-ID" or "INITIATORID":
                InitiatorId = value;
                break;
            case "REQUESTID":
                RequestId = value;
                break;
            case "MT-SOURCE-ADDRESS" or "MT-SOURCEADDRESS":
                SourceAddress = value;
                break;
            case "MT-MESSAGETYPE":
                MessageType = value.Split(';')[0];
                break;
            default:
                break;
        }
    }

    void ReadBody(byte[] body)
    {
        var start = body.AsSpan(0, Math.Min(body.Length, LongestStart)).TrimStart(" \t\r\n"u8);
        // Every envelope begins with this word, so other bodies need no parser.
        if (start is not [(byte)'{', ..] || start.IndexOf("\"messageType\""u8) < 0)
            return;

        var reader = new Utf8JsonReader(start, isFinalBlock: start.Length == body.Length,
            new JsonReaderState(new JsonReaderOptions { MaxDepth = 16 }));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            if (!reader.Read())
                return;

            if (name == "messageType" && reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.String)
                    MessageType ??= reader.GetString();
            }
            else if (name == "message" && MessageType is not null)
            {
                if (MessageType.StartsWith("urn:message:MassTransit:Fault", StringComparison.Ordinal))
                    ReadFault(ref reader);

                return;
            }
            else if (reader.TokenType == JsonTokenType.String)
            {
                Set(name!, reader.GetString());
            }
            else if (!reader.TrySkip())
            {
                return;
            }
        }
    }

    void Set(string name, string? value)
    {
        switch (name)
        {
            case "messageId":
                MessageId = value;
                break;
            case "conversationId":
                ConversationId = value;
                break;
            case "correlationId":
                CorrelationId = value;
                break;
            case "initiatorId":
                InitiatorId = value;
                break;
            case "requestId":
                RequestId = value;
                break;
            case "sourceAddress":
                SourceAddress = value;
                break;
            default:
                break;
        }
    }

    void ReadFault(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("faultedMessageId"u8);
            if (!reader.Read())
                return;

            if (isId && reader.TokenType == JsonTokenType.String)
            {
                FaultedMessageId = reader.GetString();
                return;
            }

            if (!reader.TrySkip())
                return;
        }
    }
}
