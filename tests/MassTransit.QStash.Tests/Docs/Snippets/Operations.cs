using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/operations.md.</summary>
static class Operations
{
    public static void Health(WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddQStash(failureStatus: HealthStatus.Degraded);
    }
}
