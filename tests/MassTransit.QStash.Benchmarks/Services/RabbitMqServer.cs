using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>
/// A RabbitMQ server of its own, from Debian's package rabbitmq-server, with its data in a temporary folder.
/// </summary>
sealed class RabbitMqServer(Process process, string folder, int port) : IAsyncDisposable
{
    const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    public static bool IsInstalled => File.Exists(Program);

    public int Port => port;

    public static async Task<RabbitMqServer> Start()
    {
        var folder = Directory.CreateTempSubdirectory("rabbitmq-").FullName;
        var port = FreePort.Find();
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["RABBITMQ_NODENAME"] = $"bench{port}@localhost";
        start.Environment["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1";
        start.Environment["RABBITMQ_NODE_PORT"] = $"{port}";
        start.Environment["RABBITMQ_DIST_PORT"] = $"{FreePort.Find()}";
        start.Environment["RABBITMQ_MNESIA_BASE"] = folder;
        start.Environment["RABBITMQ_LOG_BASE"] = folder;
        start.Environment["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins");
        start.Environment["HOME"] = folder;

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        var server = new RabbitMqServer(process, folder, port);
        await server.WaitUntilListening();

        return server;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    async Task WaitUntilListening()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var attempt = 0; attempt < 300 && await timer.WaitForNextTickAsync(); attempt++)
        {
            if (process.HasExited)
                throw new InvalidOperationException($"rabbitmq-server ended with exit code {process.ExitCode}.");

            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));

                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }

        throw new TimeoutException("rabbitmq-server did not listen within a minute.");
    }
}
