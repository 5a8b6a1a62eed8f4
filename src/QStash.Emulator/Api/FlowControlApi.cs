using QStash.Emulator.Delivery;
using QStash.Emulator.Errors;
using QStash.Emulator.Grammar;
using QStash.Emulator.Http;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

// docs/qstash-contract.md#flow-control
/// <summary>Flow control keys.</summary>
sealed class FlowControlApi(Dispatcher dispatcher)
{
    const string Path = "/v2/flowControl";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, ListAsync);
        endpoints.MapGet(Path + "/{key}", GetAsync);
        endpoints.MapPost(Path + "/{key}/pause", context => ChangeAsync(context, static (key, _) => key.Paused = true));
        endpoints.MapPost(Path + "/{key}/resume", context => ChangeAsync(context, static (key, _) => key.Paused = false));
        endpoints.MapPost(Path + "/{key}/pin", PinAsync);
        endpoints.MapPost(Path + "/{key}/unpin", UnpinAsync);
        endpoints.MapPost(Path + "/{key}/resetRate", ResetRateAsync);
        // The same call under the name in QStash's changelog.
        endpoints.MapPost(Path + "/{key}/reset", ResetRateAsync);
        endpoints.MapGet("/v2/globalParallelism", GlobalParallelismAsync);
    }

    async Task ListAsync(HttpContext context)
    {
        var account = context.Account();
        var search = (await FilterParameters.ReadAsync(context)).Text("search") ?? "";
        List<FlowControlAnswer> answers;
        lock (account.Gate)
        {
            var now = dispatcher.Scheduler.Now;
            answers = [.. account.FlowControlKeys.Values
                .Where(key => key.Name.Contains(search, StringComparison.Ordinal))
                .Select(key => FlowControlAnswer.Of(key, now))];
        }

        await context.AnswerAsync(answers, EmulatorJson.Default.ListFlowControlAnswer);
    }

    Task GetAsync(HttpContext context) => context.AnswerFromAsync(
        account => FlowControlAnswer.Of(Find(account, context), dispatcher.Scheduler.Now), EmulatorJson.Default.FlowControlAnswer);

    async Task PinAsync(HttpContext context)
    {
        var parameters = (await FilterParameters.ReadAsync(context)).Allow("parallelism", "rate", "period");
        var parallelism = (int?)parameters.Number("parallelism", 1, int.MaxValue);
        var rate = (int?)parameters.Number("rate", 1, int.MaxValue);
        var period = parameters.Number("period", 1, FlowControlLimits.LongestPeriod / 1000);
        if (parallelism is null && rate is null)
            throw ApiException.BadRequest("invalid parallelism and rate: at least one of them is needed");

        if (period is not null && rate is null)
            throw ApiException.BadRequest("invalid period: it needs a rate");

        await ChangeAsync(context, (key, now) =>
        {
            if (parallelism is not null)
                (key.Parallelism, key.ParallelismPinned) = (parallelism, true);

            if (rate is not null)
                (key.Rate, key.Period, key.RatePinned) = (rate, period * 1000 ?? FlowControlLimits.DefaultPeriod, true);

            key.ResetRate(now);
        });
    }

    async Task UnpinAsync(HttpContext context)
    {
        var parameters = (await FilterParameters.ReadAsync(context)).Allow("parallelism", "rate");
        var (parallelism, rate) = (parameters.Flag("parallelism"), parameters.Flag("rate"));
        await ChangeAsync(context, (key, _) =>
        {
            key.ParallelismPinned &= !parallelism;
            key.RatePinned &= !rate;
        });
    }

    Task ResetRateAsync(HttpContext context) => ChangeAsync(context, static (key, now) => key.ResetRate(now));

    Task GlobalParallelismAsync(HttpContext context) => context.AnswerFromAsync(
        account => new GlobalParallelismAnswer(dispatcher.Quotas.Plan.MaxParallelism, account.InFlight),
        EmulatorJson.Default.GlobalParallelismAnswer);

    /// <summary>Changes a key, and starts the messages that may begin now.</summary>
    Task ChangeAsync(HttpContext context, Action<FlowControlKey, long> change)
    {
        var account = context.Account();
        lock (account.Gate)
        {
            var key = Find(account, context);
            change(key, dispatcher.Scheduler.Now);
            account.Journal?.Save(key);
            dispatcher.FlowControl.Advance(account, key);
        }

        return Task.CompletedTask;
    }

    static FlowControlKey Find(Account account, HttpContext context)
    {
        // Routing leaves an escaped slash as it is, and a key is any text.
        var name = context.RawTarget().PathAfter(Path + "/")!.Split('/')[0];
        name = Uri.UnescapeDataString(name);
        return account.FlowControlKeys.GetValueOrDefault(name) ?? throw ApiException.NotFound($"flow control key {name} not found");
    }
}
