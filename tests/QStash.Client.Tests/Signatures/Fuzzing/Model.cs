using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace QStash.Client.Tests.Fuzzing;

/// <summary>
/// The rules of QStash's tokens, written for clarity: whole objects, whole texts, numbers of any size. The header decides nothing once the
/// signature is right, and of a claim that only QStash could give twice the last one counts. Microsoft's handler, which
/// the differential test compares with, also judges claims that do not matter here.
/// </summary>
sealed class Model(int toleranceSeconds)
{
    static readonly byte[][] Keys = [Encoding.UTF8.GetBytes(Vectors.Current), Encoding.UTF8.GetBytes(Vectors.Next)];

    public bool Accepts(Mutant mutant)
    {
        var segments = mutant.Token.Split('.');
        var mac = Base64UrlEncoder.DecodeBytes(segments[2]);
        var input = Encoding.ASCII.GetBytes($"{segments[0]}.{segments[1]}");
        if (segments.Length != 3 || !Keys.Any(key => HMACSHA256.HashData(key, input).SequenceEqual(mac)))
            return false;

        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(segments[1]));
        var now = (BigInteger)(mutant.Now - DateTimeOffset.UnixEpoch).Ticks;
        var expires = Seconds(payload, "exp");

        return Text(payload, "iss") == "Upstash" &&
            Text(payload, "sub") == mutant.Url &&
            Text(payload, "body").TrimEnd('=') == Base64UrlEncoder.Encode(SHA256.HashData(mutant.Body)) &&
            now < expires + Tolerance &&
            Seconds(payload, "nbf") <= now + Tolerance &&
            expires <= now + Tolerance + TimeSpan.TicksPerHour;
    }

    BigInteger Tolerance => (BigInteger)toleranceSeconds * TimeSpan.TicksPerSecond;

    static string Text(JsonDocument document, string name) => Last(document, name, JsonValueKind.String).GetString()!;

    static BigInteger Seconds(JsonDocument document, string name) =>
        BigInteger.Parse(Last(document, name, JsonValueKind.Number).GetRawText(), CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond;

    static JsonElement Last(JsonDocument document, string name, JsonValueKind kind) =>
        document.RootElement.EnumerateObject().Last(member => member.Name == name && member.Value.ValueKind == kind).Value;
}
