using System.Globalization;

namespace MassTransit.QStash.Benchmarks.Measuring;

/// <summary>
/// What to reach: mostly a limit for the ratio.
/// </summary>
/// <param name="Limit">The limit, which is reached too.</param>
/// <param name="IsLeast">Whether more is better.</param>
/// <param name="Unit">Set where the limit is for our figure and not for the ratio.</param>
sealed record Goal(double Limit, bool IsLeast, string? Unit = null)
{
    public bool IsForRatio => Unit is null;

    public static Goal AtMost(double ratio) => new(ratio, IsLeast: false);

    public static Goal AtLeast(double ratio) => new(ratio, IsLeast: true);

    public static Goal AtMost(double figure, string unit) => new(figure, IsLeast: false, unit);

    public bool IsReached(double value) => IsLeast ? value >= Limit : value <= Limit;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(IsLeast ? '≥' : '≤')} {(IsForRatio ? $"{Limit:0.00}" : $"{Limit:#,0} {Unit}")}");
}
