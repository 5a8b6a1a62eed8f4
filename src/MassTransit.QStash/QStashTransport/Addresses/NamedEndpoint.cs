using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStashTransport.Addresses;

/// <summary>
/// A receive endpoint as the name of its member of a URL group tells it.
/// </summary>
/// <param name="Service">The service it belongs to, in the form of <see cref="MemberName.Encode"/>.</param>
/// <param name="Name">The name of the endpoint.</param>
/// <param name="Url">Where it is.</param>
readonly record struct NamedEndpoint(string Service, string Name, string Url)
{
    public override string ToString() => $"'{MemberName.Decode(Service)}' at {Url}";
}
