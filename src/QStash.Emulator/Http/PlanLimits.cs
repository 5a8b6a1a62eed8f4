using QStash.Emulator.Delivery;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Http;

// docs/qstash-contract.md#rate-limits
/// <summary>Limits the rate of calls, except of those that publish.</summary>
sealed class PlanLimits(RequestDelegate next, Quotas quotas)
{
    static readonly string[] Exempt = [RawTargetRouting.Publish, RawTargetRouting.Enqueue, "/v2/batch"];

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<Account>() is { } account
            && !Array.Exists(Exempt, path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)))
        {
            lock (account.Gate)
                quotas.CountRequest(account);
        }

        return next(context);
    }
}
