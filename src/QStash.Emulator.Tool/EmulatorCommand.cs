using System.CommandLine;
using System.Globalization;
using System.Net;

namespace QStash.Emulator.Tool;

/// <summary>The command line.</summary>
static class EmulatorCommand
{
    public static RootCommand Create()
    {
        var host = Option(
            "--host", "address", "the address to listen at; 0.0.0.0 lets other machines in, who need no secret", IPAddress.Loopback,
            "an IP address, for example 127.0.0.1 or 0.0.0.0",
            static text => IPAddress.TryParse(text, out var address) ? address : null);
        var port = Option(
            "--port", "number", "the port to listen on", 8080, "a number between 1 and 65535",
            static text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= ushort.MaxValue ? number : null);
        var quota = Option("--quota", "plan", "what users may do: free, payg, pro or none", "none", "free, payg, pro or none", static text => Plan(text) is null ? null : text);
        var region = Option(
            "--region", "region", "what deliveries name as their region: eu-central-1 or us-east-1", "eu-central-1", "eu-central-1 or us-east-1",
            static text => text is "eu-central-1" or "us-east-1" ? text : null);
        var control = new Option<bool>("--control") { Description = "answer /emulator/* to programs of this machine: clock, faults, snapshot, reset" };

        var command = new RootCommand("A local QStash server. State is in memory. See docs/emulator.md.") { host, port, quota, region, control };
        command.SetAction((call, _) => EmulatorProgram.RunAsync(logging => new QStashEmulatorOptions
        {
            Address = call.GetValue(host)!,
            Port = call.GetValue(port),
            Quota = Plan(call.GetValue(quota)!)!,
            Region = call.GetValue(region)!.ToUpperInvariant(),
            EnableDashboard = true,
            EnableControl = call.GetValue(control),
            TimeProvider = call.GetValue(control) ? VirtualClock.RealTime() : TimeProvider.System,
            LoggerFactory = logging,
        }));
        return command;
    }

    /// <param name="name">With the dashes.</param>
    /// <param name="value">What to call its value.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="byDefault">The value when it is not given.</param>
    /// <param name="takes">What it takes, for the error.</param>
    /// <param name="parse">The value of a text; <see langword="null"/> for one that cannot be used.</param>
    static Option<T> Option<T>(string name, string value, string description, T byDefault, string takes, Func<string, object?> parse) => new(name)
    {
        HelpName = value,
        Description = description,
        DefaultValueFactory = _ => byDefault,
        CustomParser = result =>
        {
            if (parse(result.Tokens[0].Value) is T parsed)
                return parsed;

            result.AddError($"{name} takes {takes}.");
            return default;
        },
    };

    static QuotaPlan? Plan(string name) => name switch
    {
        "free" => QuotaPlan.Free,
        "payg" => QuotaPlan.PayAsYouGo,
        "pro" => QuotaPlan.Pro,
        "none" => QuotaPlan.None,
        _ => null,
    };
}
