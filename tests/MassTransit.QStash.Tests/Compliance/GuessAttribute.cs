using Xunit.v3;

namespace MassTransit.QStash.Tests.Compliance;

/// <summary>
/// The guesses of docs/qstash-contract.md that a test confirms when it passes, and refutes when it fails. Tests are found by them:
/// <c>--filter-trait Guess=G58</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class GuessAttribute(params string[] ids) : Attribute, ITraitAttribute
{
    public const string Trait = "Guess";

    public IReadOnlyList<string> Ids { get; } = ids;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [.. Ids.Select(id => KeyValuePair.Create(Trait, id))];
}
