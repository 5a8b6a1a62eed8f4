namespace QStash.Client;

sealed class UnixSecondsConverter : NumberConverter<DateTimeOffset>
{
    protected override DateTimeOffset? Convert(double number) =>
        number is > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds((long)number) : null;

    protected override double ToNumber(DateTimeOffset value) => value.ToUnixTimeSeconds();
}
