using System.Security.Cryptography;
using System.Text;
using QStash.Emulator.Grammar;

namespace QStash.Emulator.Messages;

// docs/qstash-contract.md#redaction
/// <summary>The parts of a message that the API shows as a hash. Deliveries carry the original.</summary>
sealed record Redaction
{
    public bool Body { get; init; }

    public bool AllHeaders { get; init; }

    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <param name="text">Such as <c>body, header[Authorization]</c>.</param>
    /// <exception cref="FormatException">What is wrong with it.</exception>
    public static Redaction Parse(string text)
    {
        var fields = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 0)
            throw new FormatException("it names nothing");

        return new Redaction
        {
            Body = fields.Any(static field => Is(field, "body")),
            AllHeaders = fields.Any(IsAllHeaders),
            Headers = [.. fields.Where(static field => !Is(field, "body") && !IsAllHeaders(field)).Select(Header)],
        };
    }

    /// <summary>The message as the API may show it.</summary>
    public MessageSpec Apply(MessageSpec spec) => spec with
    {
        Body = Body && spec.Body.Length > 0 ? Encoding.UTF8.GetBytes(Hash(spec.Body)) : spec.Body,
        Headers = new HeaderList(spec.Headers.Select(header => IsRedacted(header.Key)
            ? KeyValuePair.Create(header.Key, Array.ConvertAll(header.Value, static value => Hash(Encoding.UTF8.GetBytes(value))))
            : header)),
    };

    bool IsRedacted(string header) => AllHeaders || Headers.Contains(header, StringComparer.OrdinalIgnoreCase);

    /// <summary>The hash in lower-case hex.</summary>
    static string Hash(byte[] value) => "REDACTED:" + Convert.ToHexStringLower(SHA256.HashData(value));

    /// <summary>The name in <c>header[Name]</c> or <c>headers[Name]</c>: the sources write both.</summary>
    static string Header(string field)
    {
        var open = field.IndexOf('[', StringComparison.Ordinal);
        return open > 0 && field[^1] == ']' && IsAllHeaders(field[..open]) && HeaderName.IsValid(field[(open + 1)..^1])
            ? field[(open + 1)..^1]
            : throw new FormatException($"'{field}' is none of body, header and header[Name]");
    }

    static bool IsAllHeaders(string field) => Is(field, "header") || Is(field, "headers");

    static bool Is(string field, string name) => field.Equals(name, StringComparison.OrdinalIgnoreCase);
}
