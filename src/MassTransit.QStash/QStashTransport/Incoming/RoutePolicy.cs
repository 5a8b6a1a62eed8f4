using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Has a say when a request is matched to a route of ours. Lets one of several equal routes have it: <c>MapQStash</c> may have been
/// called in a group of routes too. And keeps <c>UseHttpsRedirection</c> from turning it away.
/// </summary>
sealed class RoutePolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    // After those that may rule one of them out, such as by the name of the host.
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

        // The signature protects a delivery, not TLS, and QStash takes a redirection for a failure. The route does nothing without a
        // signature, so nobody gains by it.
        if (first is not null && IsOurs(first))
            httpContext.Request.Scheme = Uri.UriSchemeHttps;

        return Task.CompletedTask;
    }

    static bool IsOurs(Endpoint endpoint) => endpoint.Metadata.GetMetadata<RouteMark>() is not null;

    /// <summary>What the routes are known by.</summary>
    public sealed class RouteMark;
}
