using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using MassTransit.QStash.Benchmarks.Load;
using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Messages;

namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>
/// A form in which the service of rows 1 and 2 was published.
/// </summary>
/// <param name="Name">What it is called.</param>
/// <param name="Program">The program, or the assembly.</param>
sealed record WakeForm(string Name, string Program)
{
    public const string QStash = "qstash";
    public const string InMemory = "memory";
    public const string Bare = "bare";

    public const string ReadyToRun = "ReadyToRun";
    public const string Composite = "Composite";

    const string Path = "/qstash/orders";

    // Not those of the emulator, which only a development service accepts.
    static readonly string SigningKey = "sig_" + RandomNumberGenerator.GetHexString(28, lowercase: true);

    static readonly Lazy<Task<IReadOnlyList<WakeForm>>> Published = new(PublishAll);
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>The forms that can be published on this machine, which is done once.</summary>
    public static Task<IReadOnlyList<WakeForm>> All => Published.Value;

    /// <summary>Requests as QStash makes them, and for the peers the same message without an envelope.</summary>
    public static async Task<Func<string, byte[]>> Requests()
    {
        var order = new OrderPlaced(1, 0, OrderPlaced.TextOf(200));
        var delivery = await Capture.Message(order);
        var plain = new CapturedMessage(JsonSerializer.SerializeToUtf8Bytes(order, JsonSerializerOptions.Web), "application/json", new Dictionary<string, string>());
        var server = new Uri("http://127.0.0.1");

        // Signed anew for each use, as a signature lives for five minutes.
        return transport => SignedRequest.Create(server, Path, $"https://orders.example.com{Path}", transport == QStash ? delivery : plain, SigningKey);
    }

    /// <summary>Starts the service, and waits until it answers its first request with 200.</summary>
    public async Task<Cost> Wake(Func<string, byte[]> requests, string transport, params string[] options)
    {
        var request = requests(transport);
        var port = FreePort.Find();
        var started = Stopwatch.GetTimestamp();
        await using var process = ChildProcess.Start(Program, [transport, $"{port}", SigningKey, .. options]);
        using var connection = await Connect(new IPEndPoint(IPAddress.Loopback, port));
        await connection.Send(request);

        return process.CostAfter(Stopwatch.GetElapsedTime(started));
    }

    async Task<RawConnection> Connect(IPEndPoint service)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (await timer.WaitForNextTickAsync())
        {
            var connection = new RawConnection(service);
            try
            {
                await connection.Connect();

                return connection;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(started) < LongestWait)
            {
                // It does not listen yet.
                connection.Dispose();
            }
        }

        throw new UnreachableException(Name);
    }

    static async Task<IReadOnlyList<WakeForm>> PublishAll()
    {
        var folder = Directory.CreateTempSubdirectory("wake-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);

        List<WakeForm> forms = [];
        foreach (var name in (string[])["FrameworkDependent", ReadyToRun, Composite])
        {
            if (await Publish(name, System.IO.Path.Combine(folder, name)) is { } form)
                forms.Add(form);
        }

        return forms;
    }

    static async Task<WakeForm?> Publish(string name, string folder)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(System.IO.Path.Combine(root.FullName, "MassTransit.QStash.sln")))
            root = root.Parent;

        var project = System.IO.Path.Combine(root?.FullName ?? throw new InvalidOperationException("Run it from the repository."), "tests/MassTransit.QStash.Wake");
        var output = System.IO.Path.Combine(folder, "app");
        var start = new ProcessStartInfo(ChildProcess.DotNet,
            ["publish", project, "-c", "Release", "-v", "q", $"-p:WakeForm={name}", $"-p:WakeFolder={folder}", "-o", output])
        {
            RedirectStandardOutput = true,
        };

        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        if (process.ExitCode != 0)
        {
            Console.Error.WriteLine($"The form {name} is not measured, for it could not be published here: {text}");

            return null;
        }

        var program = System.IO.Path.Combine(output, "MassTransit.QStash.Wake");

        return new WakeForm(name, name == Composite ? program + (OperatingSystem.IsWindows() ? ".exe" : "") : program + ".dll");
    }
}
