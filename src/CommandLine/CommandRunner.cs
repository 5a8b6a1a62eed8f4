using System.CommandLine;
using System.CommandLine.Invocation;

namespace QStash.CommandLine;

/// <summary>Runs a command line.</summary>
static class CommandRunner
{
    /// <summary>The exit code for a command line that makes no sense.</summary>
    public const int Misused = 2;

    /// <summary>The exit code that shells have for Ctrl+C.</summary>
    const int Interrupted = 130;

    public static async Task<int> RunAsync(RootCommand command, string name, string[] args, InvocationConfiguration configuration)
    {
        var call = command.Parse(args);
        try
        {
            if (call.Action is not ParseErrorAction mistake)
            {
                configuration.EnableDefaultExceptionHandler = false;
                return await call.InvokeAsync(configuration);
            }

            mistake.ShowHelp = false;
            // A suggestion is not a result, so it goes to the standard error.
            await call.InvokeAsync(new() { Output = Console.Error });
            await Console.Error.WriteLineAsync($"{name} --help tells more.");
            return Misused;
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        catch (IOException exception)
        {
            // An example is a full disk behind the standard output. If errors go to the same disk, only the exit code tells.
            return await TryReportAsync($"{name} cannot write: {exception.Message}");
        }
    }

    static async Task<int> TryReportAsync(string text)
    {
        try
        {
            await Console.Error.WriteLineAsync(text);
        }
        catch (IOException)
        {
            // There is no place left to print to.
        }

        return 1;
    }
}
