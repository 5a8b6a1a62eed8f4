using MassTransit.QStashTransport.Incoming;

namespace MassTransit.QStash.Tests;

/// <summary>An address in a token may be that of another service, and of any form.</summary>
public class An_address_in_a_token
{
    [Theory]
    [InlineData("https://orders.test/qstash/orders", "https://orders.test/qstash/orders")]
    [InlineData("https://user:s3cret@orders.test/a?token=s3cret", "https://…@orders.test/a?…")]
    [InlineData("https://orders.test/a#s3cret", "https://orders.test/a?…")]
    [InlineData("https://orders.test/\u0001\ud83d\ude00é", "https://orders.test/???é")]
    public void Is_shown_without_its_secrets_and_on_one_line(string address, string shown) => Assert.Equal(shown, SignedAddress.Show(address));

    [Fact]
    public void Is_shown_in_part_when_it_is_long() => Assert.Equal(300, SignedAddress.Show("https://orders.test/" + new string('a', 2_000)).Length);

    [Theory]
    [InlineData("https://orders.test/a/", "https://orders.test/a", ", which differs in a slash at the end")]
    [InlineData("https://orders.test/A", "https://orders.test/a", ", which differs in upper and lower case")]
    [InlineData("https://orders.test/a", "https://orders.test/b", "")]
    public void Is_compared_for_what_the_eye_may_miss(string theirs, string own, string difference) =>
        Assert.Equal(difference, SignedAddress.Compare(theirs, own));
}
