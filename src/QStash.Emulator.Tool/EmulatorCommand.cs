using System.CommandLine;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using QStash.CommandLine;

namespace QStash.Emulator.Tool;

/// <summary>The command line.</summary>
static class EmulatorCommand
{
    public static RootCommand Create()
    {
        var host = CheckedOption.Create<IPAddress>(
            "--host", "address", "the address to listen at; 0.0.0.0 lets other machines in, who need no secret",
            "an IP address, for example 127.0.0.1 or 0.0.0.0",
            static text => IPAddress.TryParse(text, out var address) ? address : null).WithDefault(IPAddress.Loopback);
        var port = CheckedOption.Create<int>(
            "--port", "number", "the port to listen on", "a number between 1 and 65535",
            static text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= ushort.MaxValue ? number : null).WithDefault(8080);
        var quota = CheckedOption.Create<string>(
            "--quota", "plan", "what users may do: free, payg, pro or none", "free, payg, pro or none",
            static text => Plan(text) is null ? null : text).WithDefault("none");
        var region = CheckedOption.Create<string>(
            "--region", "region", "what deliveries name as their region: eu-central-1 or us-east-1", "eu-central-1 or us-east-1",
            static text => text is "eu-central-1" or "us-east-1" ? text : null).WithDefault("eu-central-1");
        var data = CheckedOption.Create<string>(
            "--data", "file", "a file to keep everything in, a SQLite database, and to go on with; in memory when omitted", "the path of a file",
            static text => text.Length > 0 ? text : null);
        var hosts = new Option<string[]>("--allow-host")
        {
            HelpName = "name",
            Description = "a host name to answer to besides localhost and addresses, for example that of the container; can be repeated, * is all",
        };
        var origins = new Option<string[]>("--allow-origin")
        {
            HelpName = "origin",
            Description = "web pages that may use the emulator, for example https://app.example.com; can be repeated, * is all",
        };
        var control = new Option<bool>("--control") { Description = "answer /emulator/* to programs of this machine: clock, faults, snapshot, reset" };
        var loss = new Option<bool>("--accept-data-loss") { Description = "start even if the write-ahead log of the file is damaged, without what was in it" };
        var quiet = new Option<bool>("--quiet") { Description = "write no line for each attempt, only warnings" };

        var command = new RootCommand("A local QStash server. See docs/emulator.md.") { host, port, data, loss, quota, region, hosts, origins, control, quiet };
        command.SetAction((call, _) => EmulatorProgram.RunAsync(call.GetValue(quiet) ? LogLevel.Warning : LogLevel.Information, logging => new QStashEmulatorOptions
        {
            Address = call.GetValue(host)!,
            Port = call.GetValue(port),
            AllowedHosts = call.GetValue(hosts) ?? [],
            AllowedOrigins = call.GetValue(origins) ?? [],
            DataPath = call.GetValue(data),
            AcceptDataLoss = call.GetValue(loss),
            Quota = Plan(call.GetValue(quota)!)!,
            Region = call.GetValue(region)!.ToUpperInvariant(),
            EnableDashboard = true,
            EnableControl = call.GetValue(control),
            TimeProvider = call.GetValue(control) ? VirtualClock.RealTime() : TimeProvider.System,
            LoggerFactory = logging,
        }));
        return command;
    }

    static QuotaPlan? Plan(string name) => name switch
    {
        "free" => QuotaPlan.Free,
        "payg" => QuotaPlan.PayAsYouGo,
        "pro" => QuotaPlan.Pro,
        "none" => QuotaPlan.None,
        _ => null,
    };
}
