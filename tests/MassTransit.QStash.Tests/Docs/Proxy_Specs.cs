using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests.Docs;

/// <summary>The proxies of docs/hosting/vm.md, as they stand there but for certificates and ports.</summary>
public sealed partial class A_proxy_of_the_page_on_virtual_machines : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qstash-proxy");
    Process? _proxy;

    static readonly string[] TemporaryPaths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

    [Fact]
    public Task Nginx_passes_large_bodies_and_headers_on_as_they_are() => Try("nginx", (service, port) =>
    {
        var server = Block("nginx")
            .Replace("listen 443 ssl;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal)
            .Replace("http://127.0.0.1:5000", $"http://{service}", StringComparison.Ordinal);
        server = string.Join('\n', server.Split('\n').Where(line => !line.Contains("ssl_certificate", StringComparison.Ordinal) && !line.Contains("http2 on;", StringComparison.Ordinal)));

        var paths = string.Concat(TemporaryPaths.Select(name => $"{name}_temp_path {_folder}/{name};\n"));
        var file = Write("nginx.conf", $"daemon off;\nmaster_process off;\npid {_folder}/nginx.pid;\nerror_log {_folder}/error.log;\nevents {{}}\nhttp {{\naccess_log off;\n{paths}{server}\n}}\n");

        return $"-c {file} -e {_folder}/error.log";
    });

    [Fact]
    public Task Caddy_passes_large_bodies_and_headers_on_as_they_are() => Try("caddy", (service, port) =>
    {
        var site = Block("caddy")
            .Replace("orders.example.com", $"http://:{port}", StringComparison.Ordinal)
            .Replace("127.0.0.1:5000", service, StringComparison.Ordinal);

        return $"run --adapter caddyfile --config {Write("Caddyfile", $"{{\n\tadmin off\n\tdefault_bind 127.0.0.1\n\tlog {{\n\t\toutput discard\n\t}}\n}}\n{site}")}";
    });

    async Task Try(string program, Func<string, int, string> configure)
    {
        var path = Find(program);
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(
            x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders"),
            (_, cfg) =>
            {
                cfg.UseRawJsonDeserializer(isDefault: false);
                cfg.Host(h => h.MaxBodySize(10_000_000));
            }));

        var port = FreePort.Find();
        _proxy = Start(path, configure(orders.LocalAddress.Authority, port));
        await WaitUntilItListensAsync(port);
        cloud.Resolve("orders.test", new IPEndPoint(IPAddress.Loopback, port));

        var large = new OrderSubmitted(new string('x', 9_000_000));
        await orders.Send("http://orders.test/qstash/orders", large);
        await cloud.WaitUntilIdleAsync();
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("http://orders.test/qstash/orders"));
        await endpoint.Send(new OrderSubmitted("42"), x =>
        {
            x.UseQStash(q => q.PlainJson = true);
            x.Headers.Set("X-Large", new string('h', 20_000));
        }, Cancellation);
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([large, new OrderSubmitted("42")], orders.Observed.Messages<OrderSubmitted>());
        Assert.Empty(orders.Log.Warnings);
    }

    static string Find(string program)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (found is not null)
            return found;

        Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", $"Needs {program}: apt-get install nginx-light caddy.");
        throw new InvalidOperationException($"CI has to install {program}; .ci/run does.");
    }

    Process Start(string path, string arguments)
    {
        var start = new ProcessStartInfo(path, arguments) { WorkingDirectory = _folder.FullName };
        start.Environment["HOME"] = _folder.FullName;

        return Process.Start(start)!;
    }

    async Task WaitUntilItListensAsync(int port)
    {
        // In real time, for the proxy has no other.
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, Cancellation);
                return;
            }
            catch (SocketException)
            {
                Assert.False(_proxy!.HasExited, "The proxy does not take the file.");
                await Task.Yield();
            }
        }
    }

    string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);

        return path;
    }

    static string Block(string language)
    {
        var page = Repository.Read("docs/hosting/vm.md");

        return Fence().Matches(page).Single(match => match.Groups["language"].Value == language).Groups["text"].Value;
    }

    public void Dispose()
    {
        if (_proxy is { HasExited: false })
        {
            _proxy.Kill(entireProcessTree: true);
            _proxy.WaitForExit();
        }

        _proxy?.Dispose();
        _folder.Delete(recursive: true);
    }

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
