using MassTransit.QStash.Analyzers.Tests.Support;

namespace MassTransit.QStash.Analyzers.Tests.Tables;

public class An_endpoint_for_QStash_in_many_forms
{
    public static TheoryData<string> Wrong { get; } =
    [
        """{|QSTASH008:app.MapPost("/jobs", (HttpRequest request) => request.Headers.ContainsKey("Upstash-Signature") ? Results.Ok() : Results.Unauthorized())|};""",
        """
        {|QSTASH008:app.MapPost("/jobs", (HttpRequest request) =>
        {
            if (!request.Headers.TryGetValue("Upstash-Signature", out var signature))
                return Results.Unauthorized();

            return Results.Ok();
        })|};
        """,
        """
        {|QSTASH008:app.MapPost("/jobs", (HttpRequest request) =>
        {
            var signature = request.Headers["Upstash-Signature"].ToString();
            if (string.IsNullOrEmpty(signature))
                return Results.ValidationProblem(new Dictionary<string, string[]>());

            return Results.Ok();
        })|};
        """,
        """{|QSTASH008:app.MapPost("/jobs", (HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString())|};""",
        """{|QSTASH008:app.MapPost("/jobs", ([FromHeader(Name = "Upstash-Message-Id")] string id) => id)|};""",
        """{|QSTASH008:app.MapPut("/jobs", (HttpContext context) => context.Request.Headers["upstash-retried"].ToString())|}.WithName("jobs").WithTags("a");""",
        """
        {|QSTASH008:app.MapPost("/jobs", Handle)|};
        ---
        static string Handle(HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString();
        """,
        """
        {|QSTASH008:app.MapPost("/jobs", (HttpRequest request) => IsValid(request) ? Results.Ok() : Results.Unauthorized())|};
        var settings = new QStashDeliverySettings { Callback = new("https://orders.example.com/jobs") };
        ---
        static bool IsValid(HttpRequest request) => request.Headers.ContainsKey("Upstash-Signature");
        """,
        """
        const string Header = "Upstash-Message-Id";
        {|QSTASH008:app.MapPost("/jobs", (HttpRequest request) => request.Headers[Header].ToString())|};
        """,
        """
        var group = app.MapGroup("/in").WithTags("in");
        {|QSTASH008:group.MapPost("/jobs", (HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString())|};
        """,
        """
        var route = {|QSTASH008:app.MapPost("/jobs", (HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString())|};
        route.WithName("jobs");
        """,
        """
        {|QSTASH008:app.MapPost("/jobs", (HttpRequest request) =>
        {
            verifier.Verify(request.Headers["Upstash-Signature"].ToString(), new byte[1], "https://x.example");
            return Results.Ok();
        })|};
        """,
        """
        {|QSTASH008:app.MapPost("/jobs", (HttpRequest request) =>
        {
            var hash = SHA256.HashData(new byte[1]);
            return request.Headers["Upstash-Message-Id"].ToString();
        })|};
        """,
        """
        var message = new QStashMessage { Destination = "group", Callback = new("https://orders.example.com/done") };
        {|QSTASH008:app.MapPost("/done", () => Results.Ok())|};
        """,
        """
        var message = new QStashMessage { Destination = "group", FailureCallback = new($"{a}/failed") };
        {|QSTASH008:app.MapPost("/failed", () => Results.Ok())|};
        """,
        """
        var callback = new Uri("https://orders.example.com/done");
        var message = new QStashMessage { Destination = "group", Callback = new(callback) };
        {|QSTASH008:app.MapPost("/done", () => Results.Ok())|};
        """,
        """{|QSTASH008:app.MapPost("/jobs", (HttpRequest request, ILogger log) => { log.LogInformation("Validated {Id}", request.Headers["Upstash-Message-Id"]); return Results.Ok(); })|};""",
    ];

    public static TheoryData<string> Right { get; } =
    [
        """
        app.MapPost("/jobs", (HttpRequest request) =>
            verifier.Verify(request.Headers["Upstash-Signature"].ToString(), new byte[1], "https://x.example") == QStashSignatureResult.Valid ? Results.Ok() : Results.Unauthorized());
        """,
        """
        app.MapPost("/jobs", (HttpRequest request) => IsGood(request) ? request.Headers["Upstash-Message-Id"].ToString() : "");
        bool IsGood(HttpRequest request) => verifier.Verify("", new byte[1], "https://x.example") == QStashSignatureResult.Valid;
        """,
        """
        app.MapPost("/jobs", (HttpRequest request, ISignatures signatures) => signatures.IsValid(request) ? request.Headers["Upstash-Message-Id"].ToString() : "");
        ---
        interface ISignatures { bool IsValid(HttpRequest request); }
        """,
        """
        app.MapPost("/jobs", (HttpRequest request) => Check(request) ? request.Headers["Upstash-Message-Id"].ToString() : "");
        ---
        static bool Check(HttpRequest request)
        {
            using var hmac = new HMACSHA256(new byte[1]);
            return CryptographicOperations.FixedTimeEquals(hmac.ComputeHash(new byte[1]), new byte[32]);
        }
        """,
        """
        app.MapPost("/forward", async (HttpRequest request) =>
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, "https://qstash.example");
            message.Headers.Add("Upstash-Retries", "3");
            message.Headers.TryAddWithoutValidation("Upstash-Delay", "10s");
            await http.SendAsync(message);
        });
        """,
        """app.MapPost("/forward", (HttpRequest request) => { http.DefaultRequestHeaders.Add("Upstash-Retries", "3"); return Results.Ok(); });""",
        """app.MapPost("/jobs", (HttpContext context) => { context.Response.Headers["Upstash-NonRetryable-Error"] = "true"; return Results.StatusCode(489); });""",
        """app.MapPost("/jobs", (HttpRequest request) => { log.LogInformation("Upstash-Signature is checked by the gateway"); return Results.Ok(); });""",
        """app.MapPost("/jobs", (HttpRequest request) => { request.Headers["Upstash-Message-Id"] = "1"; return Results.Ok(); });""",
        """app.MapPost("/jobs", (HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString()).AddEndpointFilter((context, next) => next(context));""",
        """
        var route = app.MapPost("/jobs", (HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString());
        route.AddEndpointFilter((context, next) => next(context));
        """,
        """
        RouteHandlerBuilder route;
        route = app.MapPost("/jobs", (HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString());
        route.WithName("jobs").RequireAuthorization();
        """,
        """
        Protect(app.MapPost("/jobs", (HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString()));
        ---
        static void Protect(IEndpointConventionBuilder route) { }
        """,
        """
        Map(app);
        ---
        static RouteHandlerBuilder Map(WebApplication app) => app.MapPost("/jobs", (HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString());
        """,
        """
        var group = app.MapGroup("/in");
        group.MapPost("/jobs", (HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString());
        group.AddEndpointFilter((context, next) => next(context));
        """,
        """
        Map(app.MapGroup("/in").RequireAuthorization());
        ---
        static void Map(RouteGroupBuilder group) => group.MapPost("/jobs", (HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString());
        """,
        """app.MapGet("/jobs", (HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString());""",
        """app.MapPost("/jobs", (HttpRequest request) => request.Headers["X-Other"].ToString());""",
        """
        app.Use((HttpContext http, RequestDelegate next) =>
            verifier.Verify("", new byte[1], "https://x.example") == QStashSignatureResult.Valid ? next(http) : Task.CompletedTask);
        app.MapPost("/jobs", (HttpRequest request) => request.Headers["Upstash-Message-Id"].ToString());
        """,
        """
        Func<HttpRequest, bool> isValid = request => config["x"] == "y";
        app.MapPost("/jobs", (HttpRequest request) => isValid(request) ? request.Headers["Upstash-Message-Id"].ToString() : "");
        """,
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public Task Is_found_when_it_does_not_verify(string row) => Row.IsReportedAsync<EndpointAnalyzer>(row);

    [Theory]
    [MemberData(nameof(Right))]
    public Task Is_left_alone_when_something_may_verify(string row) => Row.IsLeftAloneAsync<EndpointAnalyzer>(row);
}
