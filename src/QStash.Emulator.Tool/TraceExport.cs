using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace QStash.Emulator.Tool;

/// <summary>Exports the spans of the emulator, so that a trace of two services has no gap.</summary>
static class TraceExport
{
    // The variables of OpenTelemetry: https://opentelemetry.io/docs/specs/otel/protocol/exporter/
    static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    /// <summary>Exports until it is disposed of; null if no variable says where to.</summary>
    public static TracerProvider? Start() => Endpoints.All(static name => Variable(name) is null)
        ? null
        : Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(static resource => resource.AddService(Variable("OTEL_SERVICE_NAME") ?? "qstash-emulator"))
            .AddSource(QStashEmulator.ActivitySourceName)
            .AddOtlpExporter()
            .Build();

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
