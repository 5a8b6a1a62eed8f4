using Microsoft.Extensions.Configuration;

namespace QStash.Client.Tests;

/// <summary>The wait before QStash tries again.</summary>
public class A_retry_delay
{
    [Fact]
    public void Can_be_written_as_a_back_off()
    {
        Assert.Equal("5000", QStashRetryDelay.Fixed(TimeSpan.FromSeconds(5)).ToString());
        Assert.Equal("min(86400000, 1000 + 500 * retried)", QStashRetryDelay.Incremental(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.5)).ToString());
        Assert.Equal("min(60000, 1000 * pow(2, retried))", QStashRetryDelay.Exponential(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)).ToString());
        Assert.Equal("min(86400000, 1000 * pow(1.5, retried))", QStashRetryDelay.Exponential(TimeSpan.FromSeconds(1), factor: 1.5).ToString());
    }

    [Fact]
    public void Can_be_an_expression_for_QStash_to_judge()
    {
        Assert.Equal("1000 * (1 + retried)", QStashRetryDelay.Expression("1000 * (1 + retried)").ToString());
        Assert.Equal(QStashRetryDelay.Fixed(TimeSpan.FromSeconds(1)), QStashRetryDelay.Expression("1000"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1\r\nX: y")]
    [InlineData("bientôt")]
    public void Must_be_a_text_that_a_header_can_hold(string expression) =>
        Assert.Throws<ArgumentException>("expression", () => QStashRetryDelay.Expression(expression));

    [Fact]
    public void Of_more_than_a_day_or_less_than_nothing_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("interval", () => QStashRetryDelay.Fixed(TimeSpan.FromDays(2)));
        Assert.Throws<ArgumentOutOfRangeException>("increment", () => QStashRetryDelay.Incremental(TimeSpan.Zero, TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => QStashRetryDelay.Exponential(TimeSpan.Zero, factor: double.NaN));
    }

    [Fact]
    public void Is_bound_from_a_configuration_as_a_callback_is()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["RetryDelay"] = "1000 * retried",
            ["Callback"] = "https://a.example/attempts",
            ["FailureCallback:Url"] = "https://a.example/failures",
            ["FailureCallback:RetryDelay"] = "2000",
            ["FailureCallback:ForwardHeaders:X-A"] = "b",
        }).Build();

        var settings = configuration.Get<QStashDeliverySettings>()!;

        Assert.Equal("1000 * retried", settings.RetryDelay!.ToString());
        Assert.Equal("https://a.example/attempts", settings.Callback!.Url.AbsoluteUri);
        Assert.Equal("https://a.example/failures", settings.FailureCallback!.Url.AbsoluteUri);
        Assert.Equal("2000", settings.FailureCallback.RetryDelay!.ToString());
        Assert.Equal("b", settings.FailureCallback.ForwardHeaders["x-a"]);
    }
}
