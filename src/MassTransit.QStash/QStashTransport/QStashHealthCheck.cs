using MassTransit.QStashTransport.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using QStash.Client;

namespace MassTransit.QStashTransport;

/// <summary>
/// Asks QStash for the signing keys, which a token that only reads may see too, and looks whether it has the declared schedules.
/// </summary>
sealed class QStashHealthCheck(IEnumerable<IBusInstance> buses) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var undeployed = new List<string>();
        var waiting = new List<string>();
        var asked = false;

        foreach (var bus in buses)
        {
            if (bus.HostConfiguration is not QStashHostConfiguration host)
                continue;

            asked = true;

            try
            {
                var keys = await host.Client.SigningKeys.GetAsync(cancellationToken).ConfigureAwait(false);

                if (!host.Settings.Account.HasSigningKey(keys.Current))
                    return new HealthCheckResult(context.Registration.FailureStatus, $"{bus.Name}: the signing keys are not those of the token's account, so deliveries are refused. Set both keys as the QStash console shows them, and those of further regions with RegionSigningKeys");
            }
            catch (QStashException exception)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, $"{bus.Name}: {exception.Message}");
            }

            undeployed.AddRange(host.DeclaredSchedules.Problems.Select(problem => $"{bus.Name}: the schedule {problem.Key} is not as declared yet: {problem.Value}"));
            waiting.AddRange(host.DeclaredSchedules.Waiting.Select(part => $"{bus.Name}: the schedule {part.Key} goes to {part.Value} too, once somebody subscribes"));
        }

        // Nothing else is wrong for it.
        if (undeployed.Count > 0)
            return HealthCheckResult.Degraded(string.Join(Environment.NewLine, undeployed));

        return HealthCheckResult.Healthy(
            string.Join(Environment.NewLine, [asked ? "QStash answers, and accepts the tokens" : "No bus uses QStash", .. waiting]));
    }
}
