namespace QStash.Client.Tests;

sealed record Reply(int Status, string Body = "", params (string Name, string Value)[] Headers)
{
    public static Reply Ok(string body = "") => new(200, body);

    /// <summary>Ends the connection instead of answering.</summary>
    public static Reply Abort { get; } = new(0);
}
