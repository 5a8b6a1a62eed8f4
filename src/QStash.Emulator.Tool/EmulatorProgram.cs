using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace QStash.Emulator.Tool;

/// <summary>The emulator as a program.</summary>
static class EmulatorProgram
{
    /// <summary>Runs until the process is told to stop, and returns its exit code.</summary>
    public static async Task<int> RunAsync(LogLevel level, Func<ILoggerFactory, QStashEmulatorOptions> configure)
    {
        using var logging = LoggerFactory.Create(builder => builder.SetMinimumLevel(level).AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        }));
        // This comes before anything is printed, because a reader of the output may end the program at once.
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var traces = TraceExport.Start();
        var options = configure(logging);
        QStashEmulator emulator;
        try
        {
            emulator = await QStashEmulator.StartAsync(options);
        }
        catch (DataPathException exception)
        {
            await Console.Error.WriteLineAsync($"--data {exception.Path} cannot be used: {exception.Reason}.");
            return 1;
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }
        catch (IOException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message} Choose others with --host and --port.");
            return 1;
        }

        await using (emulator)
        {
            Console.WriteLine(Greeting(emulator));
            if (!IPAddress.IsLoopback(options.Address))
                Console.WriteLine($"It listens at {options.Address}: anyone who reaches that can read and publish everything here.\n");

            await stop.Task;
        }

        return 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
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
}
