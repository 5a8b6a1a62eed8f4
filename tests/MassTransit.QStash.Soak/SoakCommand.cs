using System.CommandLine;
using MassTransit.QStash.Soak.Services;

namespace MassTransit.QStash.Soak;

/// <summary>The command line: the run itself, and the services it starts.</summary>
static class SoakCommand
{
    public static RootCommand Create()
    {
        var orders = new Option<int>("--orders") { Description = "how many orders to publish", DefaultValueFactory = static _ => 100_000 };
        var kills = new Option<int>("--kills") { Description = "how often to kill something", DefaultValueFactory = static _ => 60 };
        var seed = new Option<int>("--seed") { Description = "what to draw kills, faults and ids from", DefaultValueFactory = static _ => Random.Shared.Next() };
        var minutes = new Option<int>("--minutes") { Description = "when to give up", DefaultValueFactory = static _ => 30 };
        var keep = new Option<bool>("--keep") { Description = "keep databases and ledgers, and say where" };
        var broken = new Option<int>("--acknowledge-unhandled") { Description = "let billing acknowledge every so manieth delivery and do nothing, which has to be found", Hidden = true };
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
                AcknowledgeUnhandled = call.GetValue(broken),
            };
            var result = await new SoakRun(options, Console.Out).RunAsync(cancellationToken);
            result.Print(Console.Out);
            return result.IsClean ? 0 : 1;
        });
        return command;
    }

    static Command Service(string name, Func<ServiceSettings, Task> run)
    {
        var api = new Argument<Uri>("api") { CustomParser = static result => new Uri(result.Tokens[0].Value) };
        var port = new Argument<int>("port");
        var folder = new Argument<string>("folder");
        var orders = new Argument<int>("orders");
        var seed = new Argument<int>("seed");
        var broken = new Argument<int>("acknowledge-unhandled");
        var command = new Command(name, "A service, as the run starts it.") { api, port, folder, orders, seed, broken };
        command.Hidden = true;
        command.SetAction((call, _) => run(new ServiceSettings(
            call.GetValue(api)!, call.GetValue(port), call.GetValue(folder)!, call.GetValue(orders), call.GetValue(seed), call.GetValue(broken))));
        return command;
    }
}
