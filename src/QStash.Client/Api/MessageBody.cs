namespace QStash.Client;

static class MessageBody
{
    public static ReadOnlyMemoryContent Of(ReadOnlyMemory<byte> body, string? contentType, string parameter)
    {
        var content = new ReadOnlyMemoryContent(body);

        // The media type is passed on unchanged, even if it is not well-formed.
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", Grammar.HeaderValue(contentType, "ContentType", parameter));

        return content;
    }
}
