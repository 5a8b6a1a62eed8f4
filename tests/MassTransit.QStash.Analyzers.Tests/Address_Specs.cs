using MassTransit.QStash.Analyzers.Tests.Support;
using MassTransit.QStash.CodeFixes;

namespace MassTransit.QStash.Analyzers.Tests;

public class An_address_for_QStash
{
    [Theory] // AP2, S5, V5
    [InlineData("http://localhost:5000")]
    [InlineData("https://127.0.0.1/orders")]
    [InlineData("https://[::1]:5001")]
    [InlineData("https://192.168.1.10")]
    [InlineData("https://172.20.0.5")]
    [InlineData("https://10.1.2.3")]
    [InlineData("https://orders")]
    [InlineData("https://orders.internal")]
    [InlineData("https://orders.local")]
    public Task Must_not_be_private(string address) => Verify.StatementsAsync<AddressAnalyzer>($$"""
        cfg.Host({|QSTASH003:"{{address}}"|});
        h.InstanceBaseAddress(new Uri({|QSTASH003:"{{address}}"|}));
        h.Route("billing", new Uri({|QSTASH003:"{{address}}"|}));
        var options = new QStashTransportOptions { BaseAddress = new Uri({|QSTASH003:"{{address}}"|}) };
        """);

    [Fact] // V5
    public Task Must_not_be_private_when_only_the_port_is_computed() =>
        Verify.StatementsAsync<AddressAnalyzer>("""cfg.Host({|QSTASH003:$"http://localhost:{port}"|});""");

    [Fact] // V6
    public Task Must_be_https_and_becomes_it() => Verify.StatementsAsync<AddressAnalyzer, HttpsCodeFix>(
        """
        cfg.Host({|QSTASH004:"http://orders.example.com"|});
        h.InstanceBaseAddress(new Uri({|QSTASH004:$"http://orders.example.com/{a}"|}));
        """,
        """
        cfg.Host("https://orders.example.com");
        h.InstanceBaseAddress(new Uri($"https://orders.example.com/{a}"));
        """);

    [Fact]
    public Task May_be_anything_for_the_emulator() => Verify.StatementsAsync<AddressAnalyzer>("""
        if (port > 0)
            h.UseEmulator();
        cfg.Host("http://localhost:5000");
        """);

    [Fact]
    public Task May_be_public_or_unknown() => Verify.StatementsAsync<AddressAnalyzer>("""
        cfg.Host("https://orders.example.com/shop");
        cfg.Host(a);
        cfg.Host($"https://{a}");
        cfg.Host(new Uri($"http://{a}.test"));
        h.Url(new Uri("http://localhost:8080"));
        cfg.Host("https://203.0.113.7");
        h.Route("billing", new Uri("http://billing.test/qstash/charge-card"));
        """);
}
