using System.Globalization;
using System.Text;
using QStash.Client;

namespace QStash.Tool;

/// <summary>Dead letters for people. What others wrote cannot move the cursor of the terminal.</summary>
static class DeadLetterText
{
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Line(QStashDeadLetter letter) =>
        $"{letter.DlqId,-18}  {Status(letter),9}  {Time(letter.CreatedAt)}  {Visible(letter.Url)}  {letter.MessageId}";

    public static string Details(QStashDeadLetter letter)
    {
        var text = new StringBuilder();
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                text.Append(CultureInfo.InvariantCulture, $"{name,-14}{Visible(value)}\n");
        }

        Add("Dead letter", letter.DlqId);
        Add("Message", letter.MessageId);
        Add("Destination", $"{letter.Method} {letter.Url}");
        Add("URL group", letter.UrlGroup);
        Add("Queue", letter.Queue);
        Add("Schedule", letter.ScheduleId);
        Add("Flow control", letter.FlowControlKey);
        Add("Labels", string.Join(", ", letter.Labels));
        Add("Published", Time(letter.CreatedAt));
        Add("Retries", letter.MaxRetries?.ToString(CultureInfo.InvariantCulture));
        text.Append('\n').Append(Http(letter.Headers, letter.Body)).Append('\n');
        Add("Last answer", Status(letter));
        text.Append('\n').Append(Http(letter.ResponseHeaders, letter.ResponseBody));
        return text.ToString();
    }

    static string Http(IReadOnlyDictionary<string, IReadOnlyList<string>> headers, ReadOnlyMemory<byte> body)
    {
        var text = new StringBuilder();
        foreach (var (name, values) in headers)
            text.Append(CultureInfo.InvariantCulture, $"  {Visible(name)}: {(IsCredential(name) ? "(not shown)" : Visible(string.Join(", ", values)))}\n");

        return body.IsEmpty ? text.ToString() : text.Append(CultureInfo.InvariantCulture, $"\n{Body(body.Span)}\n").ToString();
    }

    static bool IsCredential(string header) =>
        header.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || header.Equals("Cookie", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase);

    static string Body(ReadOnlySpan<byte> body)
    {
        try
        {
            return string.Join('\n', Utf8.GetString(body).ReplaceLineEndings("\n").Split('\n').Select(line => "  " + Visible(line)));
        }
        catch (DecoderFallbackException)
        {
            return $"  {body.Length} bytes, as Base64: {Convert.ToBase64String(body)}";
        }
    }

    static string Status(QStashDeadLetter letter) => letter.ResponseStatus == 0 ? "no answer" : letter.ResponseStatus.ToString(CultureInfo.InvariantCulture);

    static string Time(DateTimeOffset? time) => time is { } known ? known.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "-";

    static string Visible(string? text) => string.Concat((text ?? "").Select(character => char.IsControl(character) && character != '\t' ? '\uFFFD' : character));
}
