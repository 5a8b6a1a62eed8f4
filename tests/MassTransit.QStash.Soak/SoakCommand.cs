using System.CommandLine;
using System.Globalization;
using MassTransit.QStash.Soak.Services;
using QStash.CommandLine;

namespace MassTransit.QStash.Soak;

/// <summary>The command line: the run itself, and the services it starts.</summary>
static class SoakCommand
{
    public static RootCommand Create()
    {
        var orders = Number("--orders", "how many orders to publish", least: 1).WithDefault(100_000);
        var kills = Number("--kills", "how often to kill something", least: 0).WithDefault(60);
        var seed = new Option<int>("--seed") { Description = "what to draw kills, faults and ids from", DefaultValueFactory = static _ => Random.Shared.Next() };
        var minutes = Number("--minutes", "when to give up", least: 1).WithDefault(30);
        var keep = new Option<bool>("--keep") { Description = "keep databases and ledgers, and say where" };
        var broken = Number("--broken", "let billing acknowledge each delivery of this number and do nothing, and orders believe a header; both have to be found", least: 0).WithDefault(0);
        var command = new RootCommand("Runs orders through two services and an emulator that are killed, and judges whether one was lost. See docs/soak.md.")
        {
            orders, kills, seed, minutes, keep, broken,
            Service(OrdersService.Name, OrdersService.RunAsync),
            Service(BillingService.Name, BillingService.RunAsync),
        };
        command.SetAction(async (call, cancellationToken) =>
        {
            var options = new SoakOptions
            {
                Orders = call.GetValue(orders),
                Kills = call.GetValue(kills),
                Seed = call.GetValue(seed),
                Limit = TimeSpan.FromMinutes(call.GetValue(minutes)),
                Keep = call.GetValue(keep),
                Broken = call.GetValue(broken),
            };
            var result = await new SoakRun(options, Console.Out).RunAsync(cancellationToken);
            result.Print(Console.Out);
            return result.IsClean ? 0 : 1;
        });
        return command;
    }

    static Option<int> Number(string name, string description, int least) => CheckedOption.Create<int>(
        name, "number", description, $"a number from {least} on",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number : null);

    static Command Service(string name, Func<ServiceSettings, Task> run)
    {
        var api = new Argument<Uri>("api") { CustomParser = static result => new Uri(result.Tokens[0].Value) };
        var port = new Argument<int>("port");
        var publicPort = new Argument<int>("public-port");
        var replica = new Argument<bool>("replica");
        var folder = new Argument<string>("folder");
        var orders = new Argument<int>("orders");
        var seed = new Argument<int>("seed");
        var broken = new Argument<int>("broken");
        var command = new Command(name, "A service, as the run starts it.") { api, port, publicPort, replica, folder, orders, seed, broken };
        command.Hidden = true;
        command.SetAction((call, _) => run(new ServiceSettings(
            call.GetValue(api)!, call.GetValue(port), call.GetValue(publicPort), call.GetValue(replica), call.GetValue(folder)!, call.GetValue(orders), call.GetValue(seed), call.GetValue(broken))));
        return command;
    }
}
