// Usage: dotnet run -c Release --project tests/MassTransit.QStash.Benchmarks [-- [--quick] [--json file] [--plot file.svg] [row …]]
// Prints a table of ratios; absolute figures depend on the machine.

using System.Globalization;
using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Rows;
using MassTransit.QStash.Benchmarks.Services;

if (args is [ColdService.Argument, var transport, var api])
{
    await ColdService.Run(transport, api);

    return;
}

IRow[] rows = [new Verify(), new Receive(), new SendOne(), new SendMany(), new PublishToConsume(), new ColdStart(), new Growth(), new Million()];

var quick = args.Contains("--quick");
var wanted = args.Select(argument => int.TryParse(argument, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(number => number > 0).ToHashSet();

List<Comparison> comparisons = [];
foreach (var row in rows.Where(row => wanted.Count == 0 || wanted.Contains(row.Number)))
{
    Console.Error.WriteLine($"Row {row.Number} …");
    comparisons.AddRange(await row.Run(quick ? 0.1 : 1));
}

Report.Print(comparisons);

if (Option("--json") is { } json)
    await Report.Save(json, comparisons);

if (Option("--plot") is { } plot)
    Plot.Save(plot, comparisons);

string? Option(string name) => args.SkipWhile(argument => argument != name).Skip(1).FirstOrDefault();
