using System.Text;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Delivery;

public class A_destination_with_credentials : EmulatorTest
{
    [Theory]
    [InlineData("user:secret@", "user:secret")]
    [InlineData("user@", "user:")]
    [InlineData("a%40b:c%3Ad%2F@", "a@b:c:d/")]
    public async Task Gets_them_as_basic_authentication(string credentials, string decoded)
    {
        await CallAsync("POST", $"/v2/publish/{Sink.Url.Replace("//", "//" + credentials, StringComparison.Ordinal)}/a");
        await IdleAsync();

        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(decoded)), Sink.All.Single().Header("Authorization"));
    }

    [Fact]
    public async Task Gets_the_authorization_of_the_message_instead()
    {
        await CallAsync(
            "POST", $"/v2/publish/{Sink.Url.Replace("//", "//user:secret@", StringComparison.Ordinal)}/a", null, "Upstash-Forward-Authorization: Bearer x");
        await IdleAsync();

        Assert.Equal("Bearer x", Sink.All.Single().Header("Authorization"));
    }
}
