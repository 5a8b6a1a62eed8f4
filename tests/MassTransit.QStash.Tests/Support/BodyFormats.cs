using System.Security.Cryptography;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// The forms a body can have: those of MassTransit itself, and one that is not text under the media types of its packages for BSON,
/// MessagePack and encryption.
/// </summary>
static class BodyFormats
{
    public static IReadOnlyList<string> All { get; } =
    [
        "json", "raw json",
        "application/vnd.masstransit+bson", "application/vnd.masstransit+msgpack", "application/vnd.masstransit+aes", "application/x-protobuf",
    ];

    public static void Use(IBusFactoryConfigurator cfg, string format)
    {
        if (format == "json")
            return;

        if (format == "raw json")
        {
            cfg.UseRawJsonSerializer(isDefault: true);
            return;
        }

        // The same key in each service of a test.
        var serializer = new EncryptedSerializer(SHA256.HashData("key"u8), format);

        cfg.AddSerializer(serializer);
        cfg.AddDeserializer(serializer);
    }
}
