using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Remembers the routes that <c>MapQStash</c> mapped, so that calling it again changes nothing.
/// </summary>
sealed class QStashRoutes
{
    readonly Dictionary<IEndpointRouteBuilder, IEndpointConventionBuilder> _mapped = [];
    bool _saidThatNoBusUsesQStash;

    public bool TryGet(IEndpointRouteBuilder builder, [NotNullWhen(true)] out IEndpointConventionBuilder? routes) =>
        _mapped.TryGetValue(builder, out routes);

    public void Add(IEndpointRouteBuilder builder, IEndpointConventionBuilder routes) => _mapped[builder] = routes;

    /// <summary>Whether the warning that no bus uses QStash is to be logged: true for the first call only.</summary>
    public bool SaysThatNoBusUsesQStash()
    {
        var isFirst = !_saidThatNoBusUsesQStash;
        _saidThatNoBusUsesQStash = true;

        return isFirst;
    }
}
