using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Asks the emulator for something over HTTP, as a service would.</summary>
sealed class EmulatorHealthCheck(QStashResource resource) : IHealthCheck
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (resource.Emulator is not { } emulator)
            return HealthCheckResult.Unhealthy("The emulator does not run yet.");

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(emulator.Url, "/v2/keys"));
        request.Headers.Authorization = new("Bearer", emulator.DefaultUser.Token);
        using var response = await Http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"The emulator answers {(int)response.StatusCode}.");
    }
}
