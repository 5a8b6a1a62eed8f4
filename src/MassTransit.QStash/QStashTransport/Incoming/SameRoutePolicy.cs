using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Lets one of several equal routes have the request: <c>MapQStash</c> may have been called in a group of routes too.
/// </summary>
sealed class SameRoutePolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    // After those that may rule one of them out, such as by the name of the host.
    public override int Order => int.MaxValue;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Count(IsOurs) > 1;

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var found = false;

        for (var i = 0; i < candidates.Count; i++)
        {
            if (!candidates.IsValidCandidate(i) || !IsOurs(candidates[i].Endpoint))
                continue;

            if (found)
                candidates.SetValidity(i, false);

            found = true;
        }

        return Task.CompletedTask;
    }

    static bool IsOurs(Endpoint endpoint) => endpoint.Metadata.GetMetadata<RouteMark>() is not null;

    /// <summary>What the routes are known by.</summary>
    public sealed class RouteMark;
}
