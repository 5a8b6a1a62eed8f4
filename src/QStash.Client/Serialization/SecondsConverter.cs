namespace QStash.Client;

sealed class SecondsConverter : NumberConverter<TimeSpan>
{
    protected override TimeSpan? Convert(double number) => number is >= 0 and < 9e11 ? TimeSpan.FromSeconds(number) : null;

    protected override double ToNumber(TimeSpan value) => value.TotalSeconds;
}
