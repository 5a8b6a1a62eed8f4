using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using QStash.CommandLine;

namespace QStash.Emulator.Tool;

/// <summary>The command line.</summary>
static class EmulatorCommand
{
    const string PortVariable = "QSTASH_DEV_PORT";
    const string QuotaVariable = "QSTASH_DEV_QUOTA";
    const string PortTakes = "a number between 1 and 65535";
    const string QuotaTakes = "free, payg, pro or none";

    public static RootCommand Create()
    {
        var root = new RootCommand($"A local QStash server. See {Docs.At("emulator.md")}.");
        Fill(root, "none");
        var dev = new Command(
            "dev", "Starts it as QStash's own development server is started: with the limits of the plan payg unless told otherwise.");
        Fill(dev, "payg");
        dev.Validators.Add(RefuseOptionsInFront);
        root.Add(dev);
        return root;
    }

    /// <summary>Changes options with one dash to two, because programs in Go accept both.</summary>
    public static string[] WithTwoDashes(string[] args) =>
        [.. args.Select(static text => text is ['-', not '-', _, ..] ? "-" + text : text)];

    /// <summary>An option in front of the word belongs to the root command, and would be ignored.</summary>
    static void RefuseOptionsInFront(CommandResult dev)
    {
        var inFront = (dev.Parent as CommandResult)?.Children.OfType<OptionResult>().FirstOrDefault(static option => !option.Implicit);
        if (inFront is not null)
            dev.AddError($"Options stand behind 'dev', and {inFront.Option.Name} stands in front of it.");
    }

    static void Fill(Command command, string defaultQuota)
    {
        var host = CheckedOption.Create<IPAddress>(
            "--host", "address", "the address to listen at; 0.0.0.0 lets other machines in; the tokens are public",
            "an IP address, for example 127.0.0.1 or 0.0.0.0",
            static text => IPAddress.TryParse(text, out var address) ? address : null).WithDefault(IPAddress.Loopback);
        var port = CheckedOption.Create<int>(
            "--port", "number", $"the port to listen on; {PortVariable} by default", PortTakes, Port)
            .WithDefault(PortVariable, 8080, PortTakes, Port);
        var quota = CheckedOption.Create<string>(
            "--quota", "plan", $"the limits of the users: free, payg, pro or none; {QuotaVariable} by default", QuotaTakes, Quota)
            .WithDefault(QuotaVariable, defaultQuota, QuotaTakes, Quota);
        var region = CheckedOption.Create<string>(
            "--region", "region", "the region that deliveries name: EU_CENTRAL_1 or US_EAST_1", "EU_CENTRAL_1 or US_EAST_1",
            static text => text is "EU_CENTRAL_1" or "US_EAST_1" ? text : null).WithDefault("EU_CENTRAL_1");
        var data = CheckedOption.Create<string>(
            "--data",
            "file",
            "a SQLite file that keeps everything, also over a restart; in memory when omitted",
            "the path of a file",
            static text => text.Length > 0 ? text : null);
        var hosts = new Option<string[]>("--allow-host")
        {
            HelpName = "name",
            Description = "a host name to answer to besides localhost and addresses, for example that of the container; "
                + "can be repeated, * is all",
        };
        var origins = new Option<string[]>("--allow-origin")
        {
            HelpName = "origin",
            Description = "web pages that may use the emulator, for example https://app.example.com; can be repeated, * is all",
        };
        var logPort = CheckedOption.Create<int>(
            "--log-port", "number", "of no effect: there is no log server, the log is at /v2/logs", PortTakes, Port);
        var control = new Option<bool>("--control")
        {
            Description = "answer /emulator/* to programs of this machine: clock, faults, snapshot, reset",
        };
        var loss = new Option<bool>("--accept-data-loss")
        {
            Description = "start without the messages of a damaged write-ahead log",
        };
        var quiet = new Option<bool>("--quiet") { Description = "write no line for each attempt, only warnings" };

        foreach (var option in (Option[])[host, port, data, loss, quota, region, hosts, origins, logPort, control, quiet])
            command.Add(option);

        command.SetAction((call, _) => EmulatorProgram.RunAsync(Level(call.GetValue(quiet)), logging => new QStashEmulatorOptions
        {
            Address = call.GetValue(host)!,
            Port = call.GetValue(port),
            AllowedHosts = call.GetValue(hosts) ?? [],
            AllowedOrigins = call.GetValue(origins) ?? [],
            DataPath = call.GetValue(data),
            AcceptDataLoss = call.GetValue(loss),
            Quota = Plan(call.GetValue(quota)!)!,
            Region = call.GetValue(region)!,
            EnableDashboard = true,
            EnableControl = call.GetValue(control),
            TimeProvider = call.GetValue(control) ? VirtualClock.RealTime() : TimeProvider.System,
            LoggerFactory = logging,
        }));
    }

    static LogLevel Level(bool quiet) => quiet ? LogLevel.Warning : LogLevel.Information;

    static object? Quota(string text) => Plan(text) is null ? null : text;

    static object? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= ushort.MaxValue
            ? number
            : null;

    static QuotaPlan? Plan(string name) => name switch
    {
        "free" => QuotaPlan.Free,
        "payg" => QuotaPlan.PayAsYouGo,
        "pro" => QuotaPlan.Pro,
        "none" => QuotaPlan.None,
        _ => null,
    };
}
