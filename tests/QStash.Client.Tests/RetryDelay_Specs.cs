namespace QStash.Client.Tests;

/// <summary>The expression language of contract 3.3.</summary>
public class A_retry_delay
{
    [Theory]
    [InlineData("1000")]
    [InlineData("1000 * (1 + retried)")]
    [InlineData("pow(2, retried) * 1000")]
    [InlineData("max(1000, pow(2, retried) * 100)")]
    [InlineData(" min( 60000 , round(exp( 2.5 * retried )) + abs(-1) ) ")]
    [InlineData("floor(sqrt(retried)) + ceil(0.5) % 2 - 1 / 2 + 10")]
    public void May_be_an_expression(string expression) =>
        new QStashDeliverySettings { RetryDelay = expression }.Validate();

    [Theory]
    [InlineData("", "ends too early")]
    [InlineData("1000 *", "ends too early")]
    [InlineData("(1000", "ends too early")]
    [InlineData("1000)", "unexpected ')' at position 5")]
    [InlineData("1000 1000", "unexpected '1' at position 6")]
    [InlineData("5s", "unexpected 's' at position 2")]
    [InlineData("1.2.3", "'1.2.3', which is not a number")]
    [InlineData("attempt * 1000", "'attempt', which is neither 'retried' nor a function")]
    [InlineData("Pow(2, retried)", "unexpected 'P'")]
    [InlineData("log(retried)", "the function 'log', which QStash does not know")]
    [InlineData("pow(2)", "unexpected ')'")]
    [InlineData("sqrt(2, 3)", "unexpected ','")]
    [InlineData("1000 * (retried - 1)", "gives -1000 milliseconds when retried is 0")]
    [InlineData("0 / retried", "gives NaN milliseconds when retried is 0")]
    public void That_QStash_would_misunderstand_is_refused(string expression, string problem)
    {
        var exception = Assert.Throws<ArgumentException>(new QStashDeliverySettings { RetryDelay = expression }.Validate);

        Assert.StartsWith("RetryDelay", exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void That_is_nested_without_end_is_refused() =>
        Assert.Contains("nested too deeply",
            Assert.Throws<ArgumentException>(new QStashDeliverySettings { RetryDelay = new string('(', 100_000) }.Validate).Message, StringComparison.Ordinal);

    [Fact]
    public void Can_be_written_as_a_back_off()
    {
        Assert.Equal("5000", QStashRetryDelay.Interval(TimeSpan.FromSeconds(5)));
        Assert.Equal("min(86400000, 1000 + 500 * retried)", QStashRetryDelay.Incremental(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.5)));
        Assert.Equal("min(60000, 1000 * pow(2, retried))", QStashRetryDelay.Exponential(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)));
        Assert.Equal("min(86400000, 1000 * pow(1.5, retried))", QStashRetryDelay.Exponential(TimeSpan.FromSeconds(1), factor: 1.5));
    }

    [Fact]
    public void Of_more_than_a_day_or_less_than_nothing_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("interval", () => QStashRetryDelay.Interval(TimeSpan.FromDays(2)));
        Assert.Throws<ArgumentOutOfRangeException>("increment", () => QStashRetryDelay.Incremental(TimeSpan.Zero, TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => QStashRetryDelay.Exponential(TimeSpan.Zero, factor: double.NaN));
    }
}
