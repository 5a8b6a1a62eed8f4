using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>A SHA-256 hash as a value.</summary>
[InlineArray(SHA256.HashSizeInBytes)]
struct BodyHash
{
    byte _first;
}
