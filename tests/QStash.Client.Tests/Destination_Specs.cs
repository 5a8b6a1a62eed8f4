namespace QStash.Client.Tests;

// docs/qstash-contract.md#publish
public class A_destination
{
    [Theory]
    [InlineData("https://example.com")]
    [InlineData("https://example.com/")]
    [InlineData("https://example.com//double//slash")]
    [InlineData("https://example.com/a/../b/./c")]
    [InlineData("https://example.com/a/%2e%2e/%2F%20%7e")]
    [InlineData("https://example.com:443/Path?q=a/../b&r=%2F&empty=&x=1+2")]
    [InlineData("https://EXAMPLE.com/%c3%a9?redirect=https://other.example/x")]
    [InlineData("http://127.0.0.1:8080/hook?a[]=1|2")]
    [InlineData("https://example.com/{id}/\"quoted\"\\back^`")]
    [InlineData("https://example.com?only=query")]
    public async Task Reaches_the_server_character_by_character(string destination)
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"messageId":"msg_1"}"""));

        await qstash.Client().PublishAsync(new QStashMessage { Destination = destination }, Cancellation);

        Assert.Equal("/v2/publish/" + destination, qstash.Request.RawTarget);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" ", "empty")]
    [InlineData("https://example.com/a#b", "fragment")]
    [InlineData("https://example.com/ü", "Percent-encode")]
    [InlineData("https://exämple.com/", "Punycode")]
    [InlineData("https://example.com/a b", "Percent-encode")]
    [InlineData("https://example.com/\r\nX: y", "Percent-encode")]
    [InlineData("https://", "not a valid URL")]
    [InlineData("https:///path", "not a valid URL")]
    [InlineData("example.com/hook", "neither")]
    [InlineData("https%3A%2F%2Fexample.com", "neither")]
    [InlineData("ftp://example.com", "neither")]
    [InlineData("..", "neither")]
    [InlineData("my group", "neither")]
    [InlineData("https://example.com/?a=1&qstash_token=x", "qstash_token")]
    [InlineData("https://example.com/?Upstash-Delay=1s", "Upstash-Delay")]
    [InlineData("https://example.com/?upstash%2Dretries=1", "upstash-retries")]
    public async Task Is_refused_before_anything_is_sent(string destination, string reason)
    {
        await using var qstash = await ScriptedQStash.StartAsync();

        var exception = await Assert.ThrowsAsync<ArgumentException>(() =>
            qstash.Client().PublishAsync(new QStashMessage { Destination = destination }, Cancellation));

        Assert.StartsWith("Destination", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Empty(qstash.Requests);
    }
}

public class The_base_url
{
    [Theory]
    [InlineData("", "/v2/keys")]
    [InlineData("/", "/v2/keys")]
    [InlineData("/v2", "/v2/keys")]
    [InlineData("/v2/publish", "/v2/keys")]
    [InlineData("/v2/publish/", "/v2/keys")]
    [InlineData("/gateway", "/gateway/v2/keys")]
    [InlineData("/gateway/", "/gateway/v2/keys")]
    [InlineData("/gateway/v2/publish/", "/gateway/v2/keys")]
    public async Task Is_followed_by_one_api_prefix(string path, string target)
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"current":"sig_a","next":"sig_b"}"""));

        await qstash.Client(path).SigningKeys.GetAsync(Cancellation);

        Assert.Equal(target, qstash.Request.RawTarget);
    }

    [Theory]
    [InlineData("ftp://qstash.example")]
    [InlineData("https://user:secret@qstash.example")]
    [InlineData("https://qstash.example?token=secret")]
    [InlineData("https://qstash.example#secret")]
    [InlineData("http://qstash.upstash.io")]
    [InlineData("http://QSTASH-us-east-1.upstash.io/v2/")]
    public void Is_refused_when_it_cannot_be_one(string url)
    {
        using var http = new HttpClient();

        var exception = Assert.Throws<ArgumentException>(() => new QStashClient(http, new QStashClientOptions { Url = new Uri(url), Token = "t" }));

        Assert.StartsWith("Url ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }
}
