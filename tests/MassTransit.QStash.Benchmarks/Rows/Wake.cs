using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Services;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 1: from the start of the process to the 200 for the first delivery.
/// </summary>
sealed class Wake : IRow
{
    public int Number => 1;

    public async Task<IReadOnlyList<Comparison>> Run(Effort effort)
    {
        var forms = await WakeForm.All;
        var requests = await WakeForm.Requests();
        string[] transports = [WakeForm.QStash, WakeForm.InMemory, WakeForm.Bare];
        var costs = await Rounds.Run(effort.Rounds, [.. forms.SelectMany(form => transports.Select(transport => (Func<Task<Cost>>)(() => form.Wake(requests, transport))))]);

        List<Comparison> comparisons = [];
        for (var i = 0; i < forms.Count; i++)
        {
            var (ours, memory, bare) = (costs[3 * i], costs[(3 * i) + 1], costs[(3 * i) + 2]);

            foreach (var (peer, theirs) in new[] { ("UsingInMemory", memory), ("bare minimal API", bare) })
            {
                comparisons.Add(Comparison.Of(Number, $"wake, {forms[i].Name}", peer, "ms", ours, theirs, cost => cost.Milliseconds, theirs == memory ? Goal.AtMost(1.0) : null));
                comparisons.Add(Comparison.Of(Number, $"its processor time, {forms[i].Name}", peer, "ms", ours, theirs, cost => cost.ProcessorMilliseconds));
                comparisons.Add(Comparison.Of(Number, $"its RSS, {forms[i].Name}", peer, "MiB", ours, theirs, cost => cost.Mebibytes));
            }
        }

        if (Ours(WakeForm.Composite) is { } composite && Ours(WakeForm.ReadyToRun) is { } readyToRun)
            comparisons.Add(Comparison.Of(Number, $"wake, {WakeForm.Composite}", WakeForm.ReadyToRun, "ms", composite, readyToRun, cost => cost.Milliseconds, Goal.AtMost(0.7)));

        return comparisons;

        Cost[]? Ours(string name) => forms.Index().Where(form => form.Item.Name == name).Select(form => costs[3 * form.Index]).FirstOrDefault();
    }
}
