using Xunit.v3;

namespace QStash.Emulator.Tests.Support;

/// <summary>
/// The checks of docs/qstash-checks.md that a test proves. Tests are found by them:
/// <c>--filter-trait Check=57</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class CheckAttribute(params int[] numbers) : Attribute, ITraitAttribute
{
    public IReadOnlyList<int> Numbers { get; } = numbers;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [.. Numbers.Select(number => KeyValuePair.Create("Check", $"{number}"))];
}
