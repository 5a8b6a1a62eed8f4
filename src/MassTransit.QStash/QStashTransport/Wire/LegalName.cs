using System.Buffers;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The legal characters in names of URL groups, queues, schedules, services and receive endpoints.
/// </summary>
static class LegalName
{
    /// <summary>The longest name of a receive endpoint, in characters. The limit is that of a queue of RabbitMQ.</summary>
    public const int MaxEndpointLength = 255;

    public const string Rule = "only letters, digits, '.', '_' and '-' are allowed";

    // QStash refuses all others in the names of URL groups, queues and schedules.
    static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool Is(string? name) => !string.IsNullOrEmpty(name) && !name.AsSpan().ContainsAnyExcept(Characters);

    public static bool Is(char character) => Characters.Contains(character);

    /// <summary>
    /// Whether a text can be the name of a receive endpoint, which is a segment of a URL. The signature covers the exact URL, and neither a
    /// proxy nor .NET rewrites the legal characters. The segments "." and ".." would be resolved away.
    /// </summary>
    public static bool IsEndpoint(string? name) => Is(name) && name is not ("." or "..");
}
