namespace QStash.Client.Tests;

public class An_explanation_of_a_refusal
{
    [Fact]
    public void Tells_the_url_of_a_token_that_is_wrong_in_nothing_else()
    {
        var refusal = Verifiers.At(Vectors.IssuedAt).Explain(Vectors.A, Vectors.PlainUrl);

        Assert.Equal(new QStashRefusal(QStashSignatureResult.InvalidSubject, Vectors.Url, null), refusal);
    }

    [Fact]
    public void Tells_no_url_of_a_token_that_is_wrong_in_more()
    {
        Assert.Equal(new QStashRefusal(QStashSignatureResult.InvalidSubject, null, null), Verifiers.At(Vectors.IssuedAt + 900).Explain(Vectors.A, Vectors.PlainUrl));
        Assert.Equal(new QStashRefusal(QStashSignatureResult.InvalidIssuer, null, null), Verifiers.At(Vectors.IssuedAt).Explain(Jws.Sign(Verifiers.Payload(iss: "other")), Vectors.PlainUrl));
    }

    [Fact]
    public void Tells_nothing_of_what_QStash_did_not_sign()
    {
        var forged = Jws.Sign(Verifiers.Payload(), key: "sig_other");

        Assert.Equal(new QStashRefusal(QStashSignatureResult.InvalidSignature, null, null), Verifiers.At(Vectors.IssuedAt).Explain(forged, Vectors.PlainUrl));
        Assert.Equal(new QStashRefusal(QStashSignatureResult.Missing, null, null), Verifiers.At(Vectors.IssuedAt).Explain("", Vectors.Url));
    }

    [Theory]
    [InlineData(-42, "1700000000", "", QStashSignatureResult.NotYetValid, -42)]
    [InlineData(342, "1700000000", "", QStashSignatureResult.Expired, 342)]
    [InlineData(342, "0", "", QStashSignatureResult.Expired, 342)]
    [InlineData(342, "0", ",\"iat\":1700000010", QStashSignatureResult.Expired, 332)]
    [InlineData(-7200, "0", "", QStashSignatureResult.LifetimeTooLong, -7200)]
    public void Tells_by_how_much_the_clocks_differ(int seconds, string notBefore, string extra, QStashSignatureResult result, int difference)
    {
        var token = Jws.Sign(Verifiers.Payload(nbf: notBefore, extra: extra));

        Assert.Equal(new QStashRefusal(result, null, TimeSpan.FromSeconds(difference)), Verifiers.At(Vectors.IssuedAt + seconds).Explain(token, Vectors.Url));
    }

    [Fact]
    public void Goes_by_the_begin_of_a_token_of_unusual_length()
    {
        var token = Jws.Sign(Verifiers.Payload(exp: "1700000600", nbf: "1700000000"));

        Assert.Equal(TimeSpan.FromSeconds(700), Verifiers.At(Vectors.IssuedAt + 700).Explain(token, Vectors.Url).ClockDifference);
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("-9223372036854775808")]
    [InlineData("1600000900")]
    [InlineData("1800000900")]
    public void Tells_no_difference_that_makes_no_sense(string issuedAt)
    {
        var token = Jws.Sign(Verifiers.Payload(extra: $",\"iat\":{issuedAt}"));

        Assert.Equal(new QStashRefusal(QStashSignatureResult.Expired, null, null), Verifiers.At(Vectors.IssuedAt + 900).Explain(token, Vectors.Url));
    }

    [Fact]
    public void Tells_nothing_of_a_token_that_is_right()
    {
        Assert.Equal(new QStashRefusal(QStashSignatureResult.Valid, null, null), Verifiers.At(Vectors.IssuedAt).Explain(Vectors.A, Vectors.Url));
    }
}
