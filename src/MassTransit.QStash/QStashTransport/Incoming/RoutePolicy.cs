using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Takes part when a request is matched to one of our routes. If several of our routes match, it chooses the first, because
/// <c>MapQStash</c> may have been called in a route group too. It also keeps <c>UseHttpsRedirection</c> from redirecting the request.
/// </summary>
sealed class RoutePolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    // Run after the policies that may rule a route out, for example by the name of the host.
    public override int Order => int.MaxValue;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(IsOurs);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        // The best candidate comes first.
        Endpoint? first = null;
        var found = false;

        for (var i = 0; i < candidates.Count; i++)
        {
            if (!candidates.IsValidCandidate(i))
                continue;

            first ??= candidates[i].Endpoint;

            if (!IsOurs(candidates[i].Endpoint))
                continue;

            if (found)
                candidates.SetValidity(i, false);

            found = true;
        }

        // QStash treats a redirection as a failure, and DeliveryFilter excuses only the names of endpoints. Not redirecting is safe,
        // because a delivery is protected by its signature and not by TLS, and the route does nothing without a signature.
        if (first is not null && IsOurs(first))
            httpContext.Request.Scheme = Uri.UriSchemeHttps;

        return Task.CompletedTask;
    }

    static bool IsOurs(Endpoint endpoint) => endpoint.Metadata.GetMetadata<RouteMark>() is not null;

    /// <summary>The metadata that marks our routes.</summary>
    public sealed class RouteMark;
}
