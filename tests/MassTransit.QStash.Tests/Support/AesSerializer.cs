using System.Net.Mime;
using System.Security.Cryptography;
using MassTransit.Serialization;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// What MassTransit.Newtonsoft's UseEncryptedSerializerV2 does: the envelope, encrypted with a key that the headers choose.
/// </summary>
sealed class AesSerializer(ISecureKeyProvider keys) : ISerializerFactory, IMessageSerializer, IMessageDeserializer
{
    readonly AesCryptoStreamProviderV2 _aes = new(keys);

    public ContentType ContentType { get; } = new("application/vnd.masstransit.v2+aes");

    public IMessageSerializer CreateSerializer() => this;
    public IMessageDeserializer CreateDeserializer() => this;

    public MessageBody GetMessageBody<T>(SendContext<T> context)
        where T : class =>
        Encrypt(SystemTextJsonMessageSerializer.Instance.GetMessageBody(context), context.Headers);

    public ConsumeContext Deserialize(ReceiveContext receiveContext) =>
        new BodyConsumeContext(receiveContext, Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress));

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null)
    {
        using var plain = new MemoryStream();
        using (var stream = _aes.GetDecryptStream(body.GetStream(), headers))
            stream.CopyTo(plain);

        return SystemTextJsonMessageSerializer.Instance.Deserialize(new BytesMessageBody(plain.ToArray()), headers, destinationAddress);
    }

    public MessageBody GetMessageBody(string text) => new Base64MessageBody(text);

    public void Probe(ProbeContext context) => context.Add("contentType", ContentType.MediaType);

    BytesMessageBody Encrypt(MessageBody body, Headers headers)
    {
        using var encrypted = new MemoryStream();
        using (var stream = _aes.GetEncryptStream(encrypted, headers))
            stream.Write(body.GetBytes());

        return new BytesMessageBody(encrypted.ToArray());
    }

    /// <summary>A key for each value of a header.</summary>
    public sealed class KeyRing(string header) : ISecureKeyProvider
    {
        readonly Dictionary<string, byte[]> _keys = new() { ["red"] = RandomNumberGenerator.GetBytes(32), ["blue"] = RandomNumberGenerator.GetBytes(32) };

        public byte[] GetKey(Headers headers) => _keys[headers.Get<string>(header) ?? throw new InvalidOperationException($"No header {header}.")];

        public void Probe(ProbeContext context)
        {
        }
    }
}
