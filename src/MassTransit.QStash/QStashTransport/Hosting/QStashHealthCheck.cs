using MassTransit.Transports;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using QStash.Client;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Asks QStash for the signing keys, which a read-only token may read too. Then checks whether everything that the buses want exists at
/// QStash: schedules, members of URL groups, pinned flow control keys.
/// </summary>
sealed class QStashHealthCheck(IEnumerable<IBusInstance> buses) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var problems = new List<string>();
        var notes = new List<string>();
        var asked = false;

        foreach (var bus in buses)
        {
            if (bus.HostConfiguration is not QStashHostConfiguration host)
                continue;

            asked = true;

            try
            {
                var keys = await host.Services.Client.SigningKeys.GetAsync(cancellationToken).ConfigureAwait(false);

                if (!host.Settings.Account.HasSigningKey(keys.Current))
                    return new HealthCheckResult(context.Registration.FailureStatus, $"{bus.Name}: the signing keys are not those of "
                        + "the token's account, so deliveries are refused. Set both keys as the QStash console shows them, and those "
                        + "of further regions with RegionSigningKeys");
            }
            catch (QStashException exception)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, $"{bus.Name}: {exception.Message}");
            }

            problems.AddRange(host.Services.Reconciler.Problems.Select(problem => $"{bus.Name}: {problem}"));
            notes.AddRange(host.Services.Reconciler.Notes.Select(note => $"{bus.Name}: {note}"));
        }

        // QStash itself works, so it is no worse than degraded.
        if (problems.Count > 0)
            return HealthCheckResult.Degraded(string.Join(Environment.NewLine, problems));

        return HealthCheckResult.Healthy(
            string.Join(Environment.NewLine, [asked ? "QStash answers, and accepts the tokens" : "No bus uses QStash", .. notes]));
    }
}
