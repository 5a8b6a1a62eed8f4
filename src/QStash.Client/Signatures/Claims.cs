using System.Text.Json;
using System.Text.Unicode;

namespace QStash.Client;

// The claims of a token whose signature is proven (contract 6.1). Texts are compared while reading, so none is created.
struct Claims
{
    // Twelve times what QStash gives a token (contract 6.1): QStash may change its mind, and a clock may lag as far as nbf = 0 allows.
    static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(1);

    static readonly TimeSpan UsualLifetime = TimeSpan.FromMinutes(5);

    bool _hasIssuer;
    bool _hasSubject;
    bool _hasBody;
    bool _hasId;
    bool _isIssuerRight;
    bool _isSubjectRight;
    long? _expires;
    long? _notBefore;
    long? _issued;

    public string? Id { get; private set; }

    public string? Subject { get; private set; }

    // Zeroed when the claim is missing or no hash.
    public BodyHashText BodyHash { get; private set; }

    // Within an hour of the clock once the claims are checked, so it always fits.
    public readonly DateTimeOffset ExpiresAt => DateTimeOffset.FromUnixTimeSeconds(_expires!.Value);

    bool KeepsTexts { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> json, ReadOnlySpan<char> url, bool keepsTexts, out Claims claims)
    {
        claims = new Claims { KeepsTexts = keepsTexts };
        if (!Utf8.IsValid(json))
            return false;

        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!claims.ReadMember(ref reader, url))
                    return false;
            }

            return !reader.Read() && claims._expires is not null && claims._notBefore is not null;
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
        // Wide enough for any 64-bit claim.
        var ticks = (Int128)(now - DateTimeOffset.UnixEpoch).Ticks;
        if (ticks >= ((Int128)_expires!.Value * TimeSpan.TicksPerSecond) + tolerance.Ticks)
            return QStashSignatureResult.Expired;
        if (ticks < ((Int128)_notBefore!.Value * TimeSpan.TicksPerSecond) - tolerance.Ticks)
            return QStashSignatureResult.NotYetValid;
        if (ticks < ((Int128)_expires.Value * TimeSpan.TicksPerSecond) - LongestLifetime.Ticks - tolerance.Ticks)
            return QStashSignatureResult.LifetimeTooLong;

        return QStashSignatureResult.Valid;
    }

    // How long ago the token was made, null when that would be more than a few years.
    public readonly TimeSpan? GetAge(DateTimeOffset now)
    {
        var signed = _issued ?? (_notBefore > 0 ? _notBefore.Value : (Int128)_expires!.Value - (long)UsualLifetime.TotalSeconds);
        var seconds = now.ToUnixTimeSeconds() - signed;

        return Int128.Abs(seconds) < 100_000_000 ? TimeSpan.FromSeconds((long)seconds) : null;
    }

    bool ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<char> url)
    {
        if (reader.ValueTextEquals("iss"u8))
        {
            reader.Read();
            _isIssuerRight = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("Upstash"u8);
            reader.Skip();
            return IsFirst(ref _hasIssuer);
        }

        if (reader.ValueTextEquals("sub"u8))
        {
            reader.Read();

            // An unknown own URL must not match an empty claim.
            _isSubjectRight = !url.IsEmpty && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(url);
            if (KeepsTexts && !_isSubjectRight && reader.TokenType == JsonTokenType.String)
                Subject = ReadText(ref reader);
            reader.Skip();
            return IsFirst(ref _hasSubject);
        }

        if (reader.ValueTextEquals("body"u8))
        {
            reader.Read();
            BodyHash = ReadBodyHash(ref reader);
            reader.Skip();
            return IsFirst(ref _hasBody);
        }

        if (reader.ValueTextEquals("jti"u8))
        {
            reader.Read();
            if (KeepsTexts && reader.TokenType == JsonTokenType.String)
                Id = ReadText(ref reader);
            reader.Skip();
            return IsFirst(ref _hasId);
        }

        if (reader.ValueTextEquals("exp"u8))
            return TryReadSeconds(ref reader, ref _expires);
        if (reader.ValueTextEquals("nbf"u8))
            return TryReadSeconds(ref reader, ref _notBefore);

        // Its value does not matter, but a token that is wrong here was not made by QStash.
        if (reader.ValueTextEquals("iat"u8))
            return TryReadSeconds(ref reader, ref _issued);

        reader.Skip();
        return true;
    }

    // Whether somebody wants a text must not decide about the token.
    static string? ReadText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which no text can hold.
            return null;
        }
    }

    static bool IsFirst(ref bool seen)
    {
        var isFirst = !seen;
        seen = true;
        return isFirst;
    }

    static bool TryReadSeconds(ref Utf8JsonReader reader, ref long? seconds)
    {
        reader.Read();
        if (seconds is not null || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value))
            return false;

        seconds = value;
        return true;
    }

    static BodyHashText ReadBodyHash(ref Utf8JsonReader reader)
    {
        var hash = default(BodyHashText);

        // An escaped character takes up to six bytes.
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > (BodyHashText.Length + 1) * 6)
            return hash;

        Span<byte> text = stackalloc byte[reader.ValueSpan.Length];
        text = text[..reader.CopyString(text)];
        if (text.Length == BodyHashText.Length + 1 && text[^1] == '=')
            text = text[..^1];
        if (text.Length == BodyHashText.Length)
            text.CopyTo(hash);

        return hash;
    }
}
