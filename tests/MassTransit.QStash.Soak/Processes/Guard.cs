using MassTransit.QStash.Soak.Judging;

namespace MassTransit.QStash.Soak.Processes;

/// <summary>Looks after what no copy of a delivery may touch: the schedules, which nobody changes, and messages, which nobody cancels.</summary>
sealed class Guard(EmulatorApi api, Judge judge)
{
    HashSet<string> _schedules = [];

    /// <summary>Takes the schedules that are there for what has to stay, once there are so many.</summary>
    /// <returns>Their ids.</returns>
    public async Task<IReadOnlyList<string>> BeginAsync(int schedules, CancellationToken cancellationToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while ((await api.SchedulesAsync()).Count < schedules)
            await look.WaitForNextTickAsync(cancellationToken);

        var found = await api.SchedulesAsync();
        _schedules = [.. found.Values];
        return [.. found.Keys];
    }

    public async Task LookAsync()
    {
        var found = (await api.SchedulesAsync()).Values;
        foreach (var missing in _schedules.Except(found))
            judge.Gain($"a schedule is gone or changed: {missing}");

        foreach (var message in await api.CanceledAsync())
            judge.Gain($"{message} was cancelled");
    }
}
