using System.Net.Mime;
using System.Security.Cryptography;
using MassTransit.Serialization;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// MassTransit's envelope, encrypted: bodies that are anything but text, under any media type.
/// </summary>
sealed class EncryptedSerializer(byte[] key, string mediaType = EncryptedSerializer.MediaType) : ISerializerFactory, IMessageSerializer, IMessageDeserializer
{
    public const string MediaType = "application/vnd.example+aes";

    const int NonceSize = 12;
    const int TagSize = 16;
    const int Overhead = NonceSize + TagSize;

    public ContentType ContentType { get; } = new(mediaType);

    public IMessageSerializer CreateSerializer() => this;
    public IMessageDeserializer CreateDeserializer() => this;

    public MessageBody GetMessageBody<T>(SendContext<T> context)
        where T : class =>
        // As text, which an outbox asks for, it is what the deserializer takes for text.
        new Base64MessageBody(Convert.ToBase64String(Encrypt(SystemTextJsonMessageSerializer.Instance.GetMessageBody(context).GetBytes())));

    public ConsumeContext Deserialize(ReceiveContext receiveContext) =>
        new BodyConsumeContext(receiveContext, Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress));

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
        SystemTextJsonMessageSerializer.Instance.Deserialize(new BytesMessageBody(Decrypt(body.GetBytes())), headers, destinationAddress);

    public MessageBody GetMessageBody(string text) => new Base64MessageBody(text);

    public void Probe(ProbeContext context) => context.Add("contentType", mediaType);

    byte[] Encrypt(byte[] text)
    {
        var body = new byte[Overhead + text.Length];
        RandomNumberGenerator.Fill(Nonce(body));
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(Nonce(body), text, body.AsSpan(Overhead), Tag(body));

        return body;
    }

    byte[] Decrypt(byte[] body)
    {
        var text = new byte[body.Length - Overhead];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(Nonce(body), body.AsSpan(Overhead), Tag(body), text);

        return text;
    }

    static Span<byte> Nonce(byte[] body) => body.AsSpan(0, NonceSize);
    static Span<byte> Tag(byte[] body) => body.AsSpan(NonceSize, TagSize);
}
