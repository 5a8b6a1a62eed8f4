using System.CommandLine;
using System.CommandLine.Invocation;

namespace QStash.CommandLine;

/// <summary>Runs what was typed.</summary>
static class CommandRunner
{
    /// <summary>The exit code for a command line that makes no sense.</summary>
    public const int Misused = 2;

    public static async Task<int> RunAsync(RootCommand command, string name, string[] args, InvocationConfiguration configuration)
    {
        var call = command.Parse(args);
        if (call.Action is not ParseErrorAction mistake)
            return await call.InvokeAsync(configuration);

        mistake.ShowHelp = false;
        await call.InvokeAsync(configuration);
        await Console.Error.WriteLineAsync($"{name} --help tells more.");
        return Misused;
    }
}
