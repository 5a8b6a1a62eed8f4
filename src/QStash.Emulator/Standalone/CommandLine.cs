using System.Globalization;
using System.Runtime.InteropServices;

namespace QStash.Emulator.Standalone;

/// <summary>The emulator as a program.</summary>
static class CommandLine
{
    const int DefaultPort = 8080;

    const string Help = """
        A local QStash server on 127.0.0.1. State is in memory.

          --port <number>   the port to listen on, 8080 by default
          --control         answer /emulator/*: clock, faults, snapshot, reset (docs/emulator.md)
          --help            this text
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--help" or "-h"])
        {
            Console.WriteLine(Help);
            return 0;
        }

        var control = args.Contains("--control", StringComparer.Ordinal);
        if (Port([.. args.Where(static argument => argument != "--control")]) is not { } port)
        {
            await Console.Error.WriteLineAsync("Unknown arguments: --port takes a number between 1 and 65535.\n\n" + Help);
            return 2;
        }

        using var logging = LoggerFactory.Create(static builder => builder.AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        }));
        QStashEmulator emulator;
        try
        {
            emulator = await QStashEmulator.StartAsync(new QStashEmulatorOptions
            {
                Port = port,
                LoggerFactory = logging,
                EnableControl = control,
                TimeProvider = control ? VirtualClock.RealTime() : TimeProvider.System,
            });
        }
        catch (IOException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message} Choose another port with --port.");
            return 1;
        }

        await using (emulator)
        {
            Console.WriteLine(Greeting(emulator));
            await StopRequestedAsync();
        }

        return 0;
    }

    static int? Port(string[] args) => args switch
    {
        [] => DefaultPort,
        ["--port", var text] when ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 => port,
        _ => null,
    };

    static string Greeting(QStashEmulator emulator) => $"""
        QStash emulator is running at {emulator.Url.GetLeftPart(UriPartial.Authority)}
        These development credentials are public; they protect nothing.

        export QSTASH_URL="{emulator.Url.GetLeftPart(UriPartial.Authority)}"
        export QSTASH_TOKEN="{emulator.DefaultUser.Token}"
        export QSTASH_CURRENT_SIGNING_KEY="{emulator.DefaultUser.CurrentSigningKey}"
        export QSTASH_NEXT_SIGNING_KEY="{emulator.DefaultUser.NextSigningKey}"

        """;

    static async Task StopRequestedAsync()
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await stop.Task;
    }
}
