using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace QStash.Client;

// Times are numbers, but the documentation also shows them as texts. A double is exact up to 2^53, far beyond any unix time in
// milliseconds.
abstract class NumberConverter<T> : JsonConverter<T?> where T : struct
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => Convert(reader.GetDouble()),
        JsonTokenType.String when double.TryParse(reader.GetString(), CultureInfo.InvariantCulture, out var number) => Convert(number),
        JsonTokenType.String or JsonTokenType.Null => null,
        _ => throw new JsonException("A number was expected.")
    };

    public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options)
    {
        if (value is { } known)
            writer.WriteNumberValue(ToNumber(known));
        else
            writer.WriteNullValue();
    }

    protected abstract T? Convert(double number);

    protected abstract double ToNumber(T value);
}
