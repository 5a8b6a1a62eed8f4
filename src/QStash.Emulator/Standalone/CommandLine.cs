using System.Runtime.InteropServices;
using QStash.Emulator.Durability;

namespace QStash.Emulator.Standalone;

/// <summary>The emulator as a program.</summary>
static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--help" or "-h"])
        {
            Console.WriteLine(Arguments.Help);
            return 0;
        }

        using var logging = LoggerFactory.Create(static builder => builder.AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        }));
        QStashEmulatorOptions options;
        try
        {
            options = Arguments.Parse(args, logging);
        }
        catch (FormatException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message}\n\n{Arguments.Help}");
            return 2;
        }

        QStashEmulator emulator;
        try
        {
            emulator = await QStashEmulator.StartAsync(options);
        }
        catch (DataFileException exception)
        {
            await Console.Error.WriteLineAsync($"--data {exception.Path} cannot be used: {exception.Reason}.");
            return 1;
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

    static string Greeting(QStashEmulator emulator) => $"""
        QStash emulator is running at {emulator.Url.GetLeftPart(UriPartial.Authority)}
        The dashboard is at the same address, for a browser.
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
