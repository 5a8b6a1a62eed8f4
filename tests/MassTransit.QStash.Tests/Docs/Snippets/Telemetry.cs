using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/telemetry.md, and of the README of QStash.OpenTelemetry.</summary>
static class Telemetry
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddQStashInstrumentation().AddAspNetCoreInstrumentation())
            .WithMetrics(metrics => metrics.AddQStashInstrumentation());
    }

    public static void AddOurs(WebApplicationBuilder builder)
    {
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddQStashInstrumentation())
            .WithMetrics(metrics => metrics.AddQStashInstrumentation());
    }
}
