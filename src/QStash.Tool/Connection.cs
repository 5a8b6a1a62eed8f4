using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using QStash.Client;
using QStash.CommandLine;

namespace QStash.Tool;

/// <summary>The options that lead to QStash, and calls of it.</summary>
sealed class Connection
{
    readonly Option<Uri> _url = CheckedOption.Create<Uri>(
        "--url", "url", $"base URL of QStash; {QStashSettings.UrlVariable} or {QStashClientOptions.DefaultUrl} by default", "an absolute http or https URL",
        static text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null);

    readonly Option<string> _token = new("--token")
    {
        HelpName = "token",
        Description = $"the token; {QStashSettings.TokenVariable} by default, which other users of the machine cannot see",
    };

    public void AddTo(Command command)
    {
        _url.Recursive = _token.Recursive = true;
        command.Add(_url);
        command.Add(_token);
    }

    /// <summary>Lets a command use QStash. What goes wrong is said in one line.</summary>
    /// <returns>The exit code: that of the command, 1 when QStash refuses or does not answer, 2 when the command line was wrong.</returns>
    public async Task<int> UseAsync(ParseResult call, Func<IQStashClient, Task<int>> command)
    {
        var services = new ServiceCollection();
        services.AddQStashClient(options =>
        {
            if (call.GetValue(_url) is { } url)
                options.Url = url;

            options.Token = call.GetValue(_token) ?? "";
        });
        try
        {
            await using var provider = services.BuildServiceProvider();
            return await command(provider.GetRequiredService<IQStashClient>());
        }
        catch (QStashException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (Exception exception) when (exception is ArgumentException or OptionsValidationException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return CommandRunner.Misused;
        }
    }
}
