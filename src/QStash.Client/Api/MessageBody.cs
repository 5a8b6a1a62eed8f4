namespace QStash.Client;

static class MessageBody
{
    public static ReadOnlyMemoryContent Of(ReadOnlyMemory<byte> body, string? contentType, string parameter)
    {
        var content = new ReadOnlyMemoryContent(body);

        // Passed on as it is, even where it is no well-formed media type.
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", Grammar.HeaderValue(contentType, "ContentType", parameter));

        return content;
    }
}
