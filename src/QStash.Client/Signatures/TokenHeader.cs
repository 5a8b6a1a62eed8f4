using System.Text.Json;
using System.Text.Unicode;

namespace QStash.Client;

// The JOSE header of a token.
static class TokenHeader
{
    // {"alg":"HS256","typ":"JWT"}, the one QStash sends (contract 6.1).
    public static ReadOnlySpan<byte> Usual => "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"u8;

    // A guess at an unproven header, without a parser that could throw: names the fault of tokens that are refused anyway.
    public static QStashSignatureResult Classify(ReadOnlySpan<byte> json)
    {
        json = json.Trim(" \t\r\n"u8);
        if (json.IsEmpty || json[0] != '{' || json[^1] != '}')
            return QStashSignatureResult.Malformed;

        return json.IndexOf("\"HS256\""u8) < 0 ? QStashSignatureResult.UnsupportedAlgorithm : QStashSignatureResult.Valid;
    }

    // Reads a header whose signature is proven.
    public static QStashSignatureResult Read(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            return QStashSignatureResult.Malformed;

        try
        {
            var reader = new Utf8JsonReader(json);
            var isHs256 = false;
            var isComplete = reader.Read() && reader.TokenType == JsonTokenType.StartObject;

            while (isComplete && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                // RFC 7515: what is critical and not understood must be refused. A second "alg" could be read either way.
                var isAlgorithm = reader.ValueTextEquals("alg"u8);
                if (reader.ValueTextEquals("crit"u8) || (isAlgorithm && isHs256))
                    return QStashSignatureResult.Malformed;

                reader.Read();
                if (isAlgorithm)
                {
                    isHs256 = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("HS256"u8);
                    if (!isHs256)
                        return QStashSignatureResult.UnsupportedAlgorithm;
                }

                reader.Skip();
            }

            if (!isComplete || reader.Read())
                return QStashSignatureResult.Malformed;

            return isHs256 ? QStashSignatureResult.Valid : QStashSignatureResult.UnsupportedAlgorithm;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return QStashSignatureResult.Malformed;
        }
    }
}
