using MassTransit.QStash.Analyzers.Tests.Support;

namespace MassTransit.QStash.Analyzers.Tests;

public class An_endpoint_for_QStash // AP1, S1, V1
{
    [Fact] // V9
    public Task Must_verify_when_it_is_a_callback() => Verify.StatementsAsync<EndpointAnalyzer>("""
        var message = new QStashMessage { Destination = "group", Callback = new("https://orders.example.com/done"), FailureCallback = new(new Uri("https://orders.example.com/failed")) };
        message.Callback = new() { Url = new Uri("https://orders.example.com/third") };
        {|QSTASH008:app.MapPost("/done", (HttpRequest request) => Results.Ok())|};
        {|QSTASH008:app.MapPost("failed/", (HttpRequest request) => Results.Ok())|};
        {|QSTASH008:app.MapPost("/third", (HttpRequest request) => Results.Ok())|};
        app.MapPost("/other", (HttpRequest request) => Results.Ok());
        """);

    [Fact] // V9
    public Task Must_verify_when_messages_name_it_as_their_callback() => Verify.StatementsAsync<EndpointAnalyzer>("""
        await send.Send(new object(), x => x.UseQStash(d =>
        {
            d.Callback = new("https://orders.example.com/done");
            d.FailureCallback = new("queue:reports");
        }));
        {|QSTASH008:app.MapPost("/done", (HttpRequest request) => Results.Ok())|};
        """);

    [Fact]
    public Task Must_verify_when_it_reads_its_headers() => Verify.StatementsAsync<EndpointAnalyzer>("""
        {|QSTASH008:app.MapPost("/jobs", (HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString())|};
        """);

    [Fact]
    public Task May_verify_itself() => Verify.StatementsAsync<EndpointAnalyzer>("""
        app.MapPost("/jobs", (HttpRequest request) => verifier.Verify(request.Headers["upstash-signature"].ToString(), new byte[1], "https://orders.example.com/jobs"));
        {|QSTASH008:app.MapPost("/more", (HttpRequest request) => request.Headers["Upstash-Retried"].ToString())|};
        """);

    [Fact]
    public Task May_be_part_of_a_test() => Verify.StatementsAsync<EndpointAnalyzer>("""
        await send.Send(new object(), x => x.UseQStash(d => d.Callback = new("http://hooks.test/done")));
        app.MapPost("/done", (HttpRequest request) => Results.Ok());
        """);

    [Fact]
    public Task May_be_verified_by_a_filter_or_a_method_of_its_own() => Verify.CodeAsync<EndpointAnalyzer>("""
        class Service
        {
            void Map(WebApplication app)
            {
                app.MapPost("/jobs", (HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString()).AddEndpointFilter((context, next) => next(context));
                app.MapGroup("/in").AddEndpointFilter((context, next) => next(context)).MapPost("/group", (HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString());
                app.MapPost("/more", (HttpRequest request) => IsValid(request) ? request.Headers["Upstash-Message-Id"].ToString() : "");
            }

            static bool IsValid(HttpRequest request) =>
                System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers["Upstash-Signature"].ToString()), new byte[32]);
        }
        """);

    [Fact]
    public Task May_be_verified_by_middleware() => Verify.StatementsAsync<EndpointAnalyzer>("""
        app.Use((HttpContext http, RequestDelegate next) =>
            verifier.Verify("", new byte[1], "https://orders.example.com") == QStashSignatureResult.Valid ? next(http) : Task.CompletedTask);
        app.MapPost("/jobs", (HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString());
        """);
}
