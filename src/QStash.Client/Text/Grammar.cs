using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace QStash.Client;

// Checks values against the rules of QStash before anything is sent, because QStash's errors come late and are vague, and an empty id turns
// a call for one resource into a call for all of them.
static class Grammar
{
    const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    static readonly SearchValues<char> NameCharacters = SearchValues.Create(Alphanumeric + "._-");
    static readonly SearchValues<char> TokenCharacters = SearchValues.Create(Alphanumeric + "!#$%&'*+-.^_`|~");

    // Queues, URL groups and schedules share one grammar.
    public static string Name(string? value, string what, string parameter)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw new ArgumentException($"{what} is empty. Give it a name of letters, digits, '.', '_' and '-'.", parameter);

        // Proxies resolve dot segments, which would turn the call into one for the whole collection.
        if (value.AsSpan().ContainsAnyExcept(NameCharacters) || value is "." or "..")
            throw new ArgumentException($"{what} '{Shorten(value)}' must consist of letters, digits, '.', '_' and '-' only.", parameter);

        return value;
    }

    // Ids of the server are opaque; they only have to be one path segment.
    public static string Id(string? value, string what, string parameter)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw new ArgumentException(
                $"{what} is empty. QStash would apply the call to everything; pass the id of one resource.", parameter);

        if (!IsVisible(value) || value is "." or ".." || value.AsSpan().ContainsAny("/?#"))
            throw new ArgumentException($"{what} '{Shorten(value)}' is not an id. Pass it as QStash returned it.", parameter);

        return Uri.EscapeDataString(value);
    }

    public static string FlowControlKey(string? value, string parameter)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw new ArgumentException("FlowControl.Key is empty. Name the key whose limits apply.", parameter);

        if (!IsVisible(value) || value is "." or ".." || value.Contains('/'))
            throw new ArgumentException(
                $"FlowControl.Key '{Shorten(value)}' must be printable ASCII without blanks and without '/'.", parameter);

        return value;
    }

    public static string HeaderName(string? value, string what, string parameter) =>
        string.IsNullOrEmpty(value) || value.AsSpan().ContainsAnyExcept(TokenCharacters)
            ? throw new ArgumentException(
                $"{what} has the header name '{Shorten(value ?? "")}', which HTTP does not allow. Use letters, digits and '-'.", parameter)
            : value;

    // Never shows the value: headers carry credentials.
    public static string HeaderValue(string? value, string what, string parameter) =>
        IsHeaderValue(value)
            ? value
            : throw new ArgumentException(
                $"{what} must be printable ASCII without line breaks. Encode it, for example with Uri.EscapeDataString.", parameter);

    public static bool IsHeaderValue([NotNullWhen(true)] string? value) =>
        value is not null && !value.AsSpan().ContainsAnyExceptInRange(' ', '~');

    public static string DeduplicationId(string value, string parameter) =>
        value.Length == 0 || !IsVisible(value) || value.Contains(':')
            ? throw new ArgumentException(
                "DeduplicationId must be printable ASCII, not empty, without blanks and without ':'. Replace ':' by '-'.", parameter)
            : value;

    public static string Label(string? value, string what, string parameter) =>
        string.IsNullOrWhiteSpace(value) || value.Contains(',')
            ? throw new ArgumentException(
                $"{what} must not be blank or contain ',', which separates labels. Split it, or use another character.", parameter)
            : HeaderValue(value, what, parameter);

    public static int Count(int value, int minimum, string what, string parameter) =>
        value < minimum
            ? throw new ArgumentException($"{what} is {value}; it must be {minimum} or more.", parameter)
            : value;

    public static int Count(int value, int minimum, int maximum, string what, string parameter) =>
        value > maximum
            ? throw new ArgumentException($"{what} is {value}; it must be {maximum} at most.", parameter)
            : Count(value, minimum, what, parameter);

    // Rounded up, because rounding down would deliver too early or cut an attempt short. The unit is always part of the text.
    public static string Seconds(TimeSpan value, bool allowZero, string what, string parameter)
    {
        if (value < TimeSpan.Zero || (value == TimeSpan.Zero && !allowZero))
            throw new ArgumentException($"{what} is {value}; it must be {(allowZero ? "zero or more" : "more than zero")}.", parameter);

        return WholeSeconds(value).ToString(CultureInfo.InvariantCulture) + "s";
    }

    public static long WholeSeconds(TimeSpan value) =>
        (value.Ticks / TimeSpan.TicksPerSecond) + (value.Ticks % TimeSpan.TicksPerSecond > 0 ? 1 : 0);

    public static string HttpUrl(Uri value, string what, string parameter) =>
        value.IsAbsoluteUri && value.Scheme is "http" or "https"
            && IsVisible(value.OriginalString) && value.Fragment.Length == 0
            // The URL stays as written, because the callback's signature covers this exact text.
            ? value.OriginalString
            : throw new ArgumentException(
                $"{what} must be an absolute http or https URL in ASCII, percent-encoded where needed and without a fragment.", parameter);

    public static bool IsVisible(string value) => !value.AsSpan().ContainsAnyExceptInRange('!', '~');

    public static string Shorten(string value) => value.Length <= 100 ? value : value[..100] + "…";
}
