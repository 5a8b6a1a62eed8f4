using MassTransit.QStash.Analyzers.Tests.Support;

namespace MassTransit.QStash.Analyzers.Tests.Tables;

public class An_address_for_QStash_in_many_forms
{
    public static TheoryData<string> Wrong { get; } =
    [
        """cfg.Host({|QSTASH003:"http://localhost:5000"|});""",
        """cfg.Host(config["Address"] ?? {|QSTASH003:"https://localhost:5001"|});""",
        """cfg.Host(new Uri({|QSTASH003:config["Address"] ?? "https://orders.internal"|}));""",
        """
        var address = new Uri("https://orders.internal");
        cfg.Host({|QSTASH003:address|});
        """,
        """
        cfg.Host({|QSTASH003:Address|});
        ---
        static readonly Uri Address = new("https://10.1.2.3");
        """,
        """
        cfg.Host({|QSTASH003:Address|});
        ---
        const string Address = "https://10.1.2.3";
        """,
        """h.Route("billing", new Uri({|QSTASH003:"http://billing.svc:8080"|}));""",
        """h.Route("billing", new Uri({|QSTASH003:"https://billing.shop.svc"|}));""",
        """h.Route("billing", new Uri({|QSTASH003:"https://billing.corp"|}));""",
        """h.Route("billing", new Uri({|QSTASH003:"https://billing.shop.svc.cluster.local"|}));""",
        """
        var options = new QStashTransportOptions();
        options.Routes["billing"] = new Uri({|QSTASH003:"https://billing.internal"|});
        """,
        """
        var options = new QStashTransportOptions();
        options.Routes.Add("billing", new Uri({|QSTASH004:"http://billing.example.com"|}));
        """,
        """var options = new QStashTransportOptions { Routes = { ["billing"] = new Uri({|QSTASH003:"https://billing.internal"|}) } };""",
        """var options = new QStashTransportOptions { Routes = { { "billing", new Uri({|QSTASH003:"https://billing.internal"|}) } } };""",
        """cfg.Host({|QSTASH003:$"https://{a}.internal"|});""",
        """cfg.Host({|QSTASH003:$"https://{a}.{b}.svc.cluster.local:8080/x"|});""",
        """cfg.Host({|QSTASH003:$"http://localhost:{port}"|});""",
        """cfg.Host({|QSTASH003:"http://localhost" + a|});""",
        """cfg.Host({|QSTASH003:"https://" + "192.168.0.7"|});""",
        """cfg.Host({|QSTASH004:$"http://{a}.example.com"|});""",
        """cfg.Host({|QSTASH004:$"http://{a}/orders"|});""",
        """cfg.Host({|QSTASH004:string.Format("http://{0}.example.com", a)|});""",
        """cfg.Host({|QSTASH004:"http://orders.example.com"|});""",
        """h.InstanceBaseAddress(new Uri({|QSTASH004:"http://orders.example.com"|}));""",
        """cfg.Host({|QSTASH003:new UriBuilder("https", "orders.internal").Uri|});""",
        """cfg.Host(port > 0 ? {|QSTASH003:"https://localhost"|} : "https://orders.example.com");""",
        """var options = new QStashTransportOptions(); options.BaseAddress ??= new Uri({|QSTASH003:"https://localhost"|});""",
        """
        if (environment.IsProduction())
            cfg.Host({|QSTASH003:"https://orders.internal"|});
        """,
        """
        if (!environment.IsDevelopment())
            cfg.Host({|QSTASH003:"https://orders.internal"|});
        """,
        """
        if (environment.IsDevelopment())
            h.UseEmulator();
        else
            cfg.Host({|QSTASH003:"https://orders.internal"|});
        """,
        """
        if (environment.IsDevelopment())
        {
            h.UseEmulator();
            return;
        }

        cfg.Host({|QSTASH003:"https://orders.internal"|});
        """,
        """
        Set(cfg);
        ---
        static void Set(IQStashBusFactoryConfigurator cfg) => cfg.Host({|QSTASH003:"https://localhost"|});
        """,
    ];

    public static TheoryData<string> Right { get; } =
    [
        """cfg.Host("https://orders.example.com");""",
        """cfg.Host(config["Address"]);""",
        """cfg.Host(config["Address"] ?? "https://orders.example.com");""",
        """cfg.Host($"https://{a}.example.com");""",
        """cfg.Host($"https://{a}:{port}/orders");""",
        """cfg.Host($"{a}/orders");""",
        """cfg.Host("https://orders.test");""",
        """cfg.Host($"http://{a}.test:8080");""",
        """
        h.UseEmulator();
        cfg.Host("http://localhost:5000");
        """,
        """
        Local(h);
        cfg.Host("http://localhost:5000");
        ---
        static void Local(IQStashHostConfigurator h) => h.UseEmulator();
        """,
        """
        Local(h, port);
        h.Route("billing", new Uri("http://localhost:5001"));
        ---
        static void Local(IQStashHostConfigurator h, int port)
        {
            if (port > 0)
                More(h);
        }
        static void More(IQStashHostConfigurator h) => h.UseEmulator();
        """,
        """
        cfg.Host(host => host.UseEmulator());
        Set(cfg);
        ---
        static void Set(IQStashBusFactoryConfigurator cfg) => cfg.Host("http://localhost:5000");
        """,
        """
        if (environment.IsDevelopment())
            cfg.Host("http://localhost:5000");
        else
            cfg.Host("https://orders.example.com");
        """,
        """cfg.Host(environment.IsDevelopment() ? "http://localhost:5000" : "https://orders.example.com");""",
        """
        if (!environment.IsProduction())
            cfg.Host("http://localhost:5000");
        """,
        """
        if (!environment.IsDevelopment())
        {
            cfg.Host("https://orders.example.com");
            return;
        }

        cfg.Host("http://localhost:5000");
        """,
        """
        var isDevelopment = environment.IsDevelopment();
        var address = isDevelopment ? new Uri("http://localhost:5000") : new Uri("https://orders.example.com");
        cfg.Host(address);
        """,
        """
        Uri address;
        if (environment.EnvironmentName == "Development")
            address = new Uri("http://localhost:5000");
        else
            address = new Uri("https://orders.example.com");
        cfg.Host(address);
        """,
        """
        cfg.Host(environment.EnvironmentName switch
        {
            "Development" => "http://localhost:5000",
            _ => "https://orders.example.com",
        });
        """,
        """
        switch (environment.EnvironmentName)
        {
            case "Development":
                cfg.Host("http://localhost:5000");
                break;
        }
        """,
        """
        if (config.GetValue<bool>("UseEmulator"))
        {
            h.UseEmulator();
            cfg.Host("http://localhost:5000");
        }
        """,
        """h.Url(new Uri("http://localhost:8080"));""",
        """cfg.Host("https://203.0.113.7");""",
        """var other = new Uri("http://localhost:5000");""",
        """http.BaseAddress = new Uri("http://localhost:5000");""",
        """h.Route("billing", new Uri("https://billing.example.com/qstash/charge-card"));""",
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public Task Is_found_when_QStash_cannot_use_it(string row) => Row.IsReportedAsync<AddressAnalyzer>(row);

    [Theory]
    [MemberData(nameof(Right))]
    public Task Is_left_alone_when_it_is_right(string row) => Row.IsLeftAloneAsync<AddressAnalyzer>(row);
}
