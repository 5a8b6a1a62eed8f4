using System.Diagnostics;
using MassTransit.QStash.Soak.Judging;
using MassTransit.QStash.Soak.Processes;
using MassTransit.QStash.Soak.Services;

namespace MassTransit.QStash.Soak;

/// <summary>Runs the orders through, kills what it goes through, and has it judged.</summary>
sealed class SoakRun(SoakOptions options, TextWriter output)
{
    const string ForeignSchedule = "of_another_service";
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(5);

    public async Task<SoakResult> RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var folder = Directory.CreateTempSubdirectory("qstash-soak-");
        try
        {
            var judge = new Judge(options.Orders);
            await using var stage = new Stage(options, judge, folder.FullName);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(options.Limit);
            output.WriteLine($"seed {options.Seed}, {options.Orders} orders, {options.Kills} kills");
            await stage.StartAsync().WaitAsync(limit.Token);
            // Of another service, and not due for a year.
            while (!await stage.Api.AddScheduleAsync(ForeignSchedule, "0 0 1 1 *", stage.BillingAddress))
                limit.Token.ThrowIfCancellationRequested();

            stage.Proxy.ScheduleIds = await stage.Guard.BeginAsync(SideEffects.Schedules + 1, limit.Token);

            var log = new DeliveryLog(stage.Api);
            Dictionary<Victim, int> kills = [];
            try
            {
                await KillAsync(stage, judge, log, kills, limit.Token);
                await DrainAsync(stage, judge, log, limit.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                output.WriteLine($"gave up after {options.Limit}; what is missing follows");
            }

            await stage.EndServicesAsync();
            await log.ReadAsync();
            using var book = new OrderBook(folder.FullName);
            var aftermath = new Aftermath(await stage.Api.DeadLettersAsync(), log.Ids, await stage.Api.PendingAsync(), book.Billed(), book.Settled());
            var verdict = judge.Decide(aftermath);
            return new SoakResult(verdict with { Figures = [.. verdict.Figures, .. stage.Proxy.Figures] }, kills, stage.Hits, Stopwatch.GetElapsedTime(started));
        }
        finally
        {
            if (options.Keep)
                output.WriteLine($"kept in {folder.FullName}");
            else
                folder.Delete(recursive: true);
        }
    }

    async Task KillAsync(Stage stage, Judge judge, DeliveryLog log, Dictionary<Victim, int> kills, CancellationToken cancellationToken)
    {
        foreach (var (victim, at) in KillPlan.Create(options.Kills, new Random(options.Seed)))
        {
            var reached = judge.ReachAsync(at);
            using var look = new PeriodicTimer(LogEvery);
            while (await Task.WhenAny(reached, look.WaitForNextTickAsync(cancellationToken).AsTask()) != reached)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await log.ReadAsync();
                await stage.Guard.LookAsync();
            }

            await log.ReadAsync();
            await stage.KillAsync(victim).WaitAsync(cancellationToken);
            kills[victim] = kills.GetValueOrDefault(victim) + 1;
            output.WriteLine($"{DateTime.Now:T} killed {victim} at {at:P0}");
        }
    }

    // Until every order has ended somewhere, and then until everything that is still on its way, such as duplicates, has come.
    static async Task DrainAsync(Stage stage, Judge judge, DeliveryLog log, CancellationToken cancellationToken)
    {
        using var look = new PeriodicTimer(LookEvery);
        var before = -1L;
        while (judge.Open(await stage.Api.DeadLettersAsync()).Count > 0)
        {
            var progress = judge.Progress;
            // What is still open now is lost.
            if (progress == before && judge.IsAllAccepted && await stage.Api.PendingAsync() == 0)
                break;

            before = progress;
            await look.WaitForNextTickAsync(cancellationToken);
            await log.ReadAsync();
        }

        await stage.CountHitsAsync();
        await stage.Api.ClearFaultsAsync();
        // Nothing comes of a schedule before the minute is full. Copies that are left are sent within the life of their signatures.
        while (!stage.Proxy.HasAllKinds)
        {
            stage.Proxy.Hurry();
            await look.WaitForNextTickAsync(cancellationToken);
        }

        await stage.Proxy.FinishAsync().WaitAsync(cancellationToken);
        await stage.Guard.LookAsync();
        // They would go on for ever.
        foreach (var schedule in stage.Proxy.ScheduleIds)
            await stage.Api.DeleteScheduleAsync(schedule);

        while (await stage.Api.PendingAsync() > 0)
            await look.WaitForNextTickAsync(cancellationToken);
    }
}
