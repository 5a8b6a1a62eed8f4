using System.Text.Unicode;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

/// <summary>A dead letter as the API shows it: the message and its last answer.</summary>
sealed record DeadLetterAnswer : MessageAnswer
{
    DeadLetterAnswer(DeadLetter letter) : base(letter.Message)
    {
        var isText = Utf8.IsValid(letter.Result.Body);
        DlqId = letter.Id;
        ResponseStatus = letter.Result.Status;
        ResponseHeader = letter.Result.Headers;
        ResponseBody = isText ? System.Text.Encoding.UTF8.GetString(letter.Result.Body) : null;
        ResponseBodyBase64 = isText ? null : letter.Result.Body;
    }

    public string DlqId { get; }

    /// <summary>0 when there was no answer. It is always written, because the Python SDK fails without it.</summary>
    public int ResponseStatus { get; }

    public IReadOnlyDictionary<string, string[]> ResponseHeader { get; }

    public string? ResponseBody { get; }

    public byte[]? ResponseBodyBase64 { get; }

    public static DeadLetterAnswer Of(DeadLetter letter) => new(letter);
}
