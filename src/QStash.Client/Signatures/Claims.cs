using System.Text;
using System.Text.Json;

namespace QStash.Client;

// The claims of a token whose signature is proven. Texts are compared while they are read, so no string is created.
struct Claims
{
    // Twelve times the lifetime that QStash gives a token, because QStash may change it, and our clock may be behind, which nbf = 0 allows.
    static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(1);

    static readonly TimeSpan UsualLifetime = TimeSpan.FromMinutes(5);

    bool _isIssuerRight;
    bool _isSubjectRight;
    long? _expires;
    long? _notBefore;
    long? _issued;

    public string? Id { get; private set; }

    public string? Subject { get; private set; }

    // All zeros when the claim is missing or is not a hash.
    public BodyHashText BodyHash { get; private set; }

    // After the check it is within an hour of the clock, so it always fits into a DateTimeOffset.
    public readonly DateTimeOffset ExpiresAt => DateTimeOffset.FromUnixTimeSeconds(_expires!.Value);

    bool KeepsTexts { get; init; }

    // The signature is valid, so an error here is a mistake of QStash, and not an attack.
    public static bool TryRead(ReadOnlySpan<byte> json, ReadOnlySpan<char> url, bool keepsTexts, out Claims claims)
    {
        claims = new Claims { KeepsTexts = keepsTexts };

        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                return false;

            // Read to the end, because no text may follow the object.
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                    claims.ReadMember(ref reader, url);
            }

            return claims._expires is not null && claims._notBefore is not null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    public readonly QStashSignatureResult Check(DateTimeOffset now, TimeSpan tolerance)
    {
        if (!_isIssuerRight)
            return QStashSignatureResult.InvalidIssuer;
        if (!_isSubjectRight)
            return QStashSignatureResult.InvalidSubject;

        return CheckTimes(now, tolerance);
    }

    public readonly QStashSignatureResult CheckTimes(DateTimeOffset now, TimeSpan tolerance)
    {
        // Claims are whole seconds, and may be any 64-bit number: so the clock is converted, and not the claim.
        if (Seconds(now.UtcTicks - tolerance.Ticks) >= _expires)
            return QStashSignatureResult.Expired;
        if (Seconds(now.UtcTicks + tolerance.Ticks) < _notBefore)
            return QStashSignatureResult.NotYetValid;
        if (Seconds(now.UtcTicks + tolerance.Ticks + LongestLifetime.Ticks) < _expires)
            return QStashSignatureResult.LifetimeTooLong;

        return QStashSignatureResult.Valid;
    }

    // The last whole second.
    static long Seconds(long ticks) => (ticks / TimeSpan.TicksPerSecond) - (DateTimeOffset.UnixEpoch.UtcTicks / TimeSpan.TicksPerSecond);

    // The age of the token; null when it would be more than a few years.
    public readonly TimeSpan? GetAge(DateTimeOffset now)
    {
        var signed = _issued ?? (_notBefore > 0 ? _notBefore.Value : (Int128)_expires!.Value - (long)UsualLifetime.TotalSeconds);
        var seconds = now.ToUnixTimeSeconds() - signed;

        return Int128.Abs(seconds) < 100_000_000 ? TimeSpan.FromSeconds((long)seconds) : null;
    }

    void ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<char> url)
    {
        // "\u0073ub" is "sub" too. Nobody writes it like that, so it may take memory.
        var name = reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;
        reader.Read();

        if (reader.TokenType == JsonTokenType.Number)
            ReadNumber(reader, name);
        else if (reader.TokenType == JsonTokenType.String)
            ReadText(reader, name, url);
        else
            reader.Skip();
    }

    void ReadNumber(in Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("exp"u8))
            _expires = Seconds(reader);
        else if (name.SequenceEqual("nbf"u8))
            _notBefore = Seconds(reader);
        else if (name.SequenceEqual("iat"u8))
            _issued = Seconds(reader);
    }

    void ReadText(in Utf8JsonReader reader, ReadOnlySpan<byte> name, ReadOnlySpan<char> url)
    {
        if (name.SequenceEqual("sub"u8))
        {
            // An empty URL of the receiver must not match an empty claim.
            _isSubjectRight = !url.IsEmpty && reader.ValueTextEquals(url);
            if (KeepsTexts && !_isSubjectRight)
                Subject = TextOf(reader);
        }
        else if (name.SequenceEqual("body"u8))
            BodyHash = ReadBodyHash(reader);
        else if (name.SequenceEqual("iss"u8))
            _isIssuerRight = reader.ValueTextEquals("Upstash"u8);
        else if (KeepsTexts && name.SequenceEqual("jti"u8))
            Id = TextOf(reader);
    }

    // A text that cannot be read must not change the result of the check, so it becomes null.
    static string? TextOf(in Utf8JsonReader reader)
    {
        string? text = null;

        try
        {
            text = reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // The text contains half a surrogate pair, so it has no string form.
        }

        return text;
    }

    static long? Seconds(in Utf8JsonReader reader) => reader.TryGetInt64(out var seconds) ? seconds : null;

    static BodyHashText ReadBodyHash(in Utf8JsonReader reader)
    {
        var hash = default(BodyHashText);
        var text = reader.ValueSpan;
        if (text.Length == BodyHashText.Length + 1 && text[^1] == '=')
            text = text[..^1];
        if (text.Length == BodyHashText.Length)
            text.CopyTo(hash);

        return hash;
    }
}
