using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using QStash.Tools.Tests.Support;

namespace QStash.Tools.Tests;

/// <summary>As somebody does who has the packages: dotnet new, build, test, run.</summary>
public sealed partial class A_new_service(PackedPackages packages) : IDisposable
{
    readonly TemporaryFolder _folder = new();
    Dictionary<string, string> _variables = [];

    // A hyphen is no part of a namespace.
    [Fact]
    public async Task Builds_and_passes_its_own_test_and_consumes_what_its_endpoint_publishes()
    {
        var root = await CreateAsync("qstash-service", "my-shop");

        Assert.Contains("succeeded: 1", await RunAsync(root, "test"), StringComparison.Ordinal);

        await using var emulator = await StartEmulatorAsync(root);
        await using var service = Start(root, "run", "--no-build", "--project", "src/my-shop");
        await WaitUntilStartedAsync(service);
        using var http = new HttpClient { BaseAddress = AddressIn(root) };
        using var answer = await http.PostAsync(OrderIn(root), null, Cancellation);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await service.WaitForLineAsync("      Order 42 was submitted");
    }

    [Fact]
    public async Task Of_the_form_for_workers_passes_its_own_test_and_runs_without_an_endpoint_that_publishes()
    {
        var root = await CreateAsync("qstash-worker", "Acme.Billing", "--port", $"{FreePort.Find()}");

        Assert.Contains("succeeded: 1", await RunAsync(root, "test"), StringComparison.Ordinal);

        await using var emulator = await StartEmulatorAsync(root);
        await using var worker = Start(root, "run", "--no-build", "--project", "src/Acme.Billing");
        await WaitUntilStartedAsync(worker);
        using var http = new HttpClient { BaseAddress = AddressIn(root) };
        using var answer = await http.PostAsync("/orders/42", null, Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("Healthy", await http.GetStringAsync("/health", Cancellation));
    }

    // Compiling .NET ahead takes minutes, and changes nothing of what is started and how, so it is left out.
    [Fact]
    public async Task Can_do_without_tests_and_starts_as_its_Dockerfile_says()
    {
        var root = await CreateAsync("qstash-worker", "Boxed", "--no-tests");
        Assert.False(Directory.Exists(Path.Combine(root, "tests")));
        await RunAsync(root, "build");

        var lines = await File.ReadAllLinesAsync(Path.Combine(root, "Dockerfile"), Cancellation);
        var publish = Instruction("RUN dotnet ");
        Assert.Contains("-p:PublishReadyToRunComposite=true", publish, StringComparison.Ordinal);
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("CI") == "true", "Downloads the runtime of .NET as a package, so only CI does it: CI=true.");

        await RunAsync(root, publish.Replace("ReadyToRun=true", "ReadyToRun=false", StringComparison.Ordinal)
            .Replace("-p:PublishReadyToRunComposite=true", "", StringComparison.Ordinal)
            .Replace("/app", Path.Combine(root, "app"), StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var command = JsonSerializer.Deserialize<string[]>(Instruction("ENTRYPOINT "))!;
        await using var service = RunningProgram.Start(
            Path.Combine(root, "app", command[0]), Path.Combine(root, "app"),
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_HTTP_PORTS"] = $"{FreePort.Find()}",
                ["QSTASH_URL"] = "http://127.0.0.1:9",
            });

        await service.WaitForLineAsync("      Application started.");

        string Instruction(string start) => Assert.Single(lines, line => line.StartsWith(start, StringComparison.Ordinal))[start.Length..];
    }

    public void Dispose() => _folder.Dispose();

    async Task<string> CreateAsync(string template, string name, params string[] options)
    {
        _variables = await packages.VariablesAsync(_folder.Sub("restored"));
        _variables["DOTNET_CLI_HOME"] = _folder.Sub("home");
        var package = Path.Combine(await packages.FolderAsync(), $"MassTransit.QStash.Templates.{packages.Version}.nupkg");
        await RunAsync(_folder.Path, "new", "install", package);
        await RunAsync(_folder.Path, ["new", template, "--name", name, .. options]);
        return _folder.Sub(name);
    }

    Task<string> RunAsync(string root, params string[] arguments) => RunningProgram.RunAsync("dotnet", root, _variables, arguments);

    RunningProgram Start(string root, params string[] arguments) => RunningProgram.Start("dotnet", root, _variables, arguments);

    /// <summary>The tool that the new service names. Its port may be taken here, so it gets another.</summary>
    async Task<RunningProgram> StartEmulatorAsync(string root)
    {
        await RunAsync(root, "tool", "restore", "--add-source", await packages.FolderAsync());
        var port = $"{FreePort.Find()}";
        _variables["QSTASH_URL"] = $"http://127.0.0.1:{port}";
        var emulator = Start(root, "qstash-emulator", "--port", port);
        await emulator.WaitForLineAsync("QStash emulator is running at ");
        return emulator;
    }

    static Task<string> WaitUntilStartedAsync(RunningProgram service) => service.WaitForLineAsync("      Bus started: ");

    /// <summary>Where the launch profile listens.</summary>
    static Uri AddressIn(string root) => new(Address().Match(File.ReadAllText(
        Directory.EnumerateFiles(root, "launchSettings.json", SearchOption.AllDirectories).Single())).Value);

    /// <summary>What the README says to call.</summary>
    [SuppressMessage("Usage", "CA2234", Justification = "It is checked that it is the address of the service.")]
    static string OrderIn(string root)
    {
        var url = Order().Match(File.ReadAllText(Path.Combine(root, "README.md"))).Value;
        Assert.StartsWith($"{AddressIn(root)}", url, StringComparison.Ordinal);
        return url;
    }

    [GeneratedRegex(@"http://localhost:\d+")]
    private static partial Regex Address();

    [GeneratedRegex(@"http://localhost:\d+/orders/42")]
    private static partial Regex Order();
}
