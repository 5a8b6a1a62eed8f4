namespace QStash.Client;

sealed class UnixMillisecondsConverter : NumberConverter<DateTimeOffset>
{
    protected override DateTimeOffset? Convert(double number) =>
        number is > 0 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds((long)number) : null;

    protected override double ToNumber(DateTimeOffset value) => value.ToUnixTimeMilliseconds();
}
