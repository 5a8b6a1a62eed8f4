using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using QStash.Client;
using QStash.CommandLine;

namespace QStash.Tool;

/// <summary>The options of every command, which say where QStash is and how to print. It also makes the calls.</summary>
sealed class Connection
{
    const string PortVariable = "QSTASH_DEV_PORT";
    const int DefaultPort = 8080;

    /// <summary>The token of the default user of every emulator. It is public.</summary>
    const string EmulatorToken = "eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=";

    readonly Option<Uri> _url = CheckedOption.Create<Uri>(
        "--url", "url", $"base URL of QStash; {QStashSettings.UrlVariable} or {QStashClientOptions.DefaultUrl} by default",
            "an absolute http or https URL",
        static text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null);

    readonly Option<string> _token = new("--token")
    {
        HelpName = "token",
        Description = $"the token; {QStashSettings.TokenVariable} by default. "
            + "Other users of the machine can see an option, and not a variable",
    };

    readonly Option<bool> _emulator = new("--emulator")
    {
        Description = $"an emulator on this machine, with its public token: at port {DefaultPort}, {PortVariable}, "
            + $"{QStashSettings.UrlVariable} if that is on this machine, or --url",
    };

    readonly Option<bool> _json = new("--json") { Description = "print JSON, for programs" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_url, _token, _emulator, _json])
        {
            option.Recursive = true;
            command.Add(option);
        }
    }

    /// <summary>Lets a command use QStash. An error is printed in one line.</summary>
    /// <returns>The exit code: that of the command, 1 when QStash refuses or does not answer, 2 when the command line was wrong.</returns>
    public async Task<int> UseAsync(ParseResult call, Func<IQStashClient, Printer, Task<int>> command)
    {
        try
        {
            var (url, token) = Target(call);
            var services = new ServiceCollection();
            services.AddQStashClient(options =>
            {
                if (url is not null)
                    options.Url = url;

                options.Token = token ?? "";
            });
            await using var provider = services.BuildServiceProvider();
            return await command(provider.GetRequiredService<IQStashClient>(), new Printer(call.GetValue(_json)));
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

    /// <exception cref="ArgumentException">The token is that of an emulator but the address is not, or the port is not legal.</exception>
    (Uri? Url, string? Token) Target(ParseResult call)
    {
        var url = call.GetValue(_url) ?? (Uri.TryCreate(Variable(QStashSettings.UrlVariable), UriKind.Absolute, out var known) ? known
            : null);
        if (call.GetValue(_emulator))
        {
            // A token of a real account must not be sent to an emulator.
            var here = call.GetValue(_url) ?? (url is { IsLoopback: true } ? url : new Uri($"http://127.0.0.1:{Port()}"));
            return (here, call.GetValue(_token) ?? EmulatorToken);
        }

        var token = call.GetValue(_token) ?? Variable(QStashSettings.TokenVariable);
        if (IsOfEmulator(token) && (url is null || url.Host.EndsWith(".upstash.io", StringComparison.OrdinalIgnoreCase)))
        {
            throw new ArgumentException(
                "The token is that of an emulator, and the address that of the real QStash. "
                + $"Add --emulator, or set {QStashSettings.UrlVariable}.");
        }

        return (call.GetValue(_url), call.GetValue(_token));
    }

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value.Trim() : null;

    static int Port() => Variable(PortVariable) is not { } text ? DefaultPort
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= ushort.MaxValue ? port
        : throw new ArgumentException($"{PortVariable} takes a number between 1 and 65535.");

    /// <summary>Whether a token is one of an emulator. Those contain the name of a development user, such as <c>defaultUser</c>.</summary>
    static bool IsOfEmulator(string? token)
    {
        Span<byte> bytes = stackalloc byte[256];
        if (token is null || !Convert.TryFromBase64String(token, bytes, out var length))
            return false;

        var text = System.Text.Encoding.UTF8.GetString(bytes[..length]);
        return text.Contains("\"UserID\":\"defaultUser\"", StringComparison.Ordinal)
            || text.Contains("\"UserID\":\"testUser", StringComparison.Ordinal);
    }
}
