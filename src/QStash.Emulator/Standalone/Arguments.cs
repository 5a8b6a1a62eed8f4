using System.Globalization;

namespace QStash.Emulator.Standalone;

/// <summary>The command line as options.</summary>
static class Arguments
{
    const int DefaultPort = 8080;

    public const string Help = """
        A local QStash server on 127.0.0.1. State is in memory, unless --data is given.

          --port <number>    the port to listen on, 8080 by default
          --data <file>      keep everything in this file, a SQLite database, and go on with it at the next start
          --quota <plan>     free, payg, pro or none: what users may do, none by default
          --region <region>  what deliveries name as their region: eu-central-1 or us-east-1, eu-central-1 by default
          --control          answer /emulator/*: clock, faults, snapshot, reset (docs/emulator.md)
          --help             this text
        """;

    /// <exception cref="FormatException">Names the argument that cannot be used.</exception>
    public static QStashEmulatorOptions Parse(string[] args, ILoggerFactory? logging)
    {
        var (port, quota, region, control) = (DefaultPort, QuotaPlan.None, new QStashEmulatorOptions().Region, false);
        string? data = null;
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i];
            if (name == "--control")
            {
                control = true;
                continue;
            }

            var value = ++i < args.Length ? args[i] : "";
            switch (name)
            {
                case "--port":
                    port = Port(value);
                    break;
                case "--data":
                    data = value.Length > 0 ? value : throw new FormatException("--data takes the path of a file.");
                    break;
                case "--quota":
                    quota = Plan(value);
                    break;
                case "--region":
                    region = Region(value);
                    break;
                default:
                    throw new FormatException($"Unknown argument {name}.");
            }
        }

        return new QStashEmulatorOptions
        {
            Port = port,
            Quota = quota,
            Region = region,
            LoggerFactory = logging,
            DataPath = data,
            EnableDashboard = true,
            EnableControl = control,
            TimeProvider = control ? VirtualClock.RealTime() : TimeProvider.System,
        };
    }

    static int Port(string value) =>
        ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? port
            : throw new FormatException("--port takes a number between 1 and 65535.");

    static QuotaPlan Plan(string value) => value switch
    {
        "free" => QuotaPlan.Free,
        "payg" => QuotaPlan.PayAsYouGo,
        "pro" => QuotaPlan.Pro,
        "none" => QuotaPlan.None,
        _ => throw new FormatException("--quota takes free, payg, pro or none."),
    };

    static string Region(string value) => value is "eu-central-1" or "us-east-1"
        ? value.ToUpperInvariant()
        : throw new FormatException("--region takes eu-central-1 or us-east-1.");
}
