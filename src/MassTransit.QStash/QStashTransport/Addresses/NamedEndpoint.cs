using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStashTransport.Addresses;

/// <summary>
/// A receive endpoint, read from the name of its member of a URL group.
/// </summary>
/// <param name="Service">The service it belongs to, in the form of <see cref="MemberName.Encode"/>.</param>
/// <param name="Name">The name of the endpoint.</param>
/// <param name="Url">The URL of the endpoint.</param>
readonly record struct NamedEndpoint(string Service, string Name, string Url)
{
    public override string ToString() => $"'{MemberName.Decode(Service)}' at {Url}";
}
