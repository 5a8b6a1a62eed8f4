using Xunit.v3;

namespace QStash.Emulator.Tests.Support;

/// <summary>
/// The public file of an official SDK that shows what its users expect: <c>--filter-trait LearnedFrom=qstash-py/tests/test_queue.py</c>. Only the
/// expectation is taken from it.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
sealed class LearnedFromAttribute(string file) : Attribute, ITraitAttribute
{
    public string File { get; } = file;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [KeyValuePair.Create("LearnedFrom", File)];
}
