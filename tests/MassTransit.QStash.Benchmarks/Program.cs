// Usage: dotnet run -c Release --project tests/MassTransit.QStash.Benchmarks [-- [--quick] [--json file] [--plot file.svg] [row …]]
// Prints a table of ratios; absolute figures depend on the machine.

using System.Globalization;
using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Rows;
using MassTransit.QStash.Benchmarks.Services;

switch (args)
{
    case [SilentProcess.Argument, .. var options]:
        await SilentProcess.Run(options);
        return;
    case [ServiceOfManyEndpoints.Argument, .. var options]:
        await ServiceOfManyEndpoints.Run(options);
        return;
}

IRow[] rows = [new Wake(), new WakeWithCalls(), new FirstBurst(), new SustainedSend(), new Receive(), new ManyEndpoints(), new PublishToConsume(), new Publish(), new Verify()];

var effort = args.Contains("--quick") ? Effort.Quick : Effort.Full;
var wanted = args.Select(argument => int.TryParse(argument, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(number => number > 0).ToHashSet();

List<Comparison> comparisons = [];
foreach (var row in rows.Where(row => wanted.Count == 0 || wanted.Contains(row.Number)))
{
    Console.Error.WriteLine($"{DateTime.Now:T} Row {row.Number} …");
    comparisons.AddRange(await row.Run(effort));
}

Console.Error.WriteLine($"{DateTime.Now:T} Done.");
Report.Print(comparisons);

if (Option("--json") is { } json)
    await Report.Save(json, comparisons);

if (Option("--plot") is { } plot)
    Plot.Save(plot, comparisons);

string? Option(string name) => args.SkipWhile(argument => argument != name).Skip(1).FirstOrDefault();
