using System.Runtime.CompilerServices;

namespace QStash.Client;

// The claim "body" without its padding: 32 bytes as Base64url. The default value, all zeros, equals no such text.
[InlineArray(Length)]
struct BodyHashText
{
    public const int Length = 43;

    byte _first;
}
