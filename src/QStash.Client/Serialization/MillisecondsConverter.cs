namespace QStash.Client;

sealed class MillisecondsConverter : NumberConverter<TimeSpan>
{
    protected override TimeSpan? Convert(double number) => number is >= 0 and < 9e14 ? TimeSpan.FromMilliseconds(number) : null;

    protected override double ToNumber(TimeSpan value) => value.TotalMilliseconds;
}
