using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Remembers what <c>MapQStash</c> mapped where, so that to call it again changes nothing.
/// </summary>
sealed class QStashRoutes
{
    readonly Dictionary<IEndpointRouteBuilder, IEndpointConventionBuilder> _mapped = [];
    bool _saidThatNoBusUsesQStash;

    public bool TryGet(IEndpointRouteBuilder builder, [NotNullWhen(true)] out IEndpointConventionBuilder? routes) =>
        _mapped.TryGetValue(builder, out routes);

    public void Add(IEndpointRouteBuilder builder, IEndpointConventionBuilder routes) => _mapped[builder] = routes;

    /// <summary>Whether it is the first time that somebody wants to say so.</summary>
    public bool SaysThatNoBusUsesQStash()
    {
        var isFirst = !_saidThatNoBusUsesQStash;
        _saidThatNoBusUsesQStash = true;

        return isFirst;
    }
}
