using MassTransit.QStash.Analyzers.Tests.Support;

namespace MassTransit.QStash.Analyzers.Tests.Tables;

public class A_public_address_without_https
{
    public static TheoryData<string> Wrong { get; } =
    [
        """cfg.Host({|QSTASH004:"http://orders.example.com"|});""",
        """cfg.Host({|QSTASH004:"HTTP://orders.example.com"|});""",
        """cfg.Host(new Uri({|QSTASH004:"http://orders.example.com"|}));""",
        """cfg.Host({|QSTASH004:"http://orders.example.com:8080/messages"|});""",
        """cfg.Host({|QSTASH004:"http://203.0.113.7"|});""",
        """cfg.Host({|QSTASH004:"http://[2001:db8::7]:5000"|});""",
        """cfg.Host({|QSTASH004:"  http://orders.example.com "|});""",
        """cfg.Host(config["QStash:BaseAddress"] ?? {|QSTASH004:"http://orders.example.com"|});""",
        """cfg.Host(port == 443 ? "https://orders.example.com" : {|QSTASH004:"http://orders.example.com"|});""",
        """cfg.Host(port switch { 443 => "https://orders.example.com", _ => {|QSTASH004:"http://orders.example.com"|} });""",
        """cfg.Host({|QSTASH004:$"http://{a}.example.com"|});""",
        """cfg.Host({|QSTASH004:$"http://orders.example.com:{port}/"|});""",
        """cfg.Host({|QSTASH004:"http://" + a + ".example.com"|});""",
        """cfg.Host({|QSTASH004:string.Concat("http://", "orders.example.com")|});""",
        """
        var scheme = "http";
        cfg.Host({|QSTASH004:$"{scheme}://orders.example.com"|});
        """,
        """
        cfg.Host({|QSTASH004:Address|});
        ---
        const string Host = "orders.example.com";
        const string Address = "http://" + Host;
        """,
        """
        cfg.Host({|QSTASH004:Address|});
        ---
        static readonly Uri Address = new("http://orders.example.com");
        """,
        """
        cfg.Host({|QSTASH004:Address()|});
        string Address() => "http://orders.example.com";
        """,
        """cfg.Host({|QSTASH004:new UriBuilder("http", "orders.example.com").Uri|});""",
        """h.Route("billing", new Uri({|QSTASH004:"http://billing.example.com/qstash/charge-card"|}));""",
        """h.InstanceBaseAddress(new Uri({|QSTASH004:"http://replica-1.orders.example.com"|}));""",
        """var options = new QStashTransportOptions { BaseAddress = new Uri({|QSTASH004:"http://orders.example.com"|}) };""",
        """var options = new QStashTransportOptions(); options.BaseAddress ??= new Uri({|QSTASH004:"http://orders.example.com"|});""",
        """
        if (environment.IsProduction())
            cfg.Host({|QSTASH004:"http://orders.example.com"|});
        """,
        """cfg.Host(environment.IsProduction() ? {|QSTASH004:"http://orders.example.com"|} : "http://localhost:5000");""",
    ];

    public static TheoryData<string> Right { get; } =
    [
        """cfg.Host("https://orders.example.com");""",
        """cfg.Host("HTTPS://orders.example.com");""",
        """cfg.Host(config["QStash:BaseAddress"] ?? "https://orders.example.com");""",
        """cfg.Host($"https://{a}.example.com");""",
        """cfg.Host(a);""",
        """cfg.Host(a + "/orders");""",
        """cfg.Host($"{a}://orders.example.com");""",
        """cfg.Host("http://orders.test");""",
        """cfg.Host("http://orders.example");""",
        """
        h.UseEmulator();
        cfg.Host("http://orders.example.com");
        """,
        """
        if (environment.IsDevelopment())
            cfg.Host("http://orders.example.com");
        """,
        """cfg.Host(environment.IsDevelopment() ? "http://orders.example.com" : "https://orders.example.com");""",
        """h.Url(new Uri("http://emulator.example.com:8080"));""",
        """var page = new Uri("http://orders.example.com");""",
        """await publish.Publish(new Order("http://orders.example.com"), stopping);""",
        """log.LogInformation("See http://orders.example.com");""",
        """await http.GetAsync("http://orders.example.com/health", stopping);""",
        """
        var options = new QStashTransportOptions();
        options.ServiceName = "http://orders.example.com";
        """,
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public Task Is_found(string row) => Row.IsReportedAsync<AddressAnalyzer>(row);

    [Theory]
    [MemberData(nameof(Right))]
    public Task Is_left_alone_where_it_is_none(string row) => Row.IsLeftAloneAsync<AddressAnalyzer>(row);
}
