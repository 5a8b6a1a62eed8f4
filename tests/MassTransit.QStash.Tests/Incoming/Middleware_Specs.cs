using System.IO.Compression;
using System.Net;
using System.Text;
using System.Threading.RateLimiting;
using MassTransit.QStash.Tests.Support;
using MassTransit.Transports;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpLogging;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

/// <summary>
/// The answer is the acknowledgement (AP3), so nothing in the application may turn it into another.
/// </summary>
public sealed class An_answer_in_an_application_with_middleware : IAsyncDisposable
{
    const string Page = "<html>a page of the application</html>";

    static readonly Dictionary<string, (Action<IServiceCollection> Services, Action<WebApplication> Use)> Middleware = new()
    {
        ["no middleware"] = (_ => { }, _ => { }
        ),
        ["status pages"] = (_ => { }, app => app.UseStatusCodePages("text/html", Page)),
        ["status pages with a handler"] = (_ => { }, app => app.UseStatusCodePages(async context =>
        {
            context.HttpContext.Response.StatusCode = 200;
            await context.HttpContext.Response.WriteAsync(Page);
        })),
        ["status pages with re-execution"] = (_ => { }, app => app.UseStatusCodePagesWithReExecute("/error/{0}")),
        ["status pages with a redirect"] = (_ => { }, app => app.UseStatusCodePagesWithRedirects("/error/{0}")),
        ["exception handler"] = (_ => { }, app => app.UseExceptionHandler("/error/500")),
        ["problem details"] = (services => services.AddProblemDetails(), app =>
        {
            app.UseExceptionHandler();
            app.UseStatusCodePages();
        }
        ),
        ["developer page"] = (_ => { }, app => app.UseDeveloperExceptionPage()),
        ["response caching"] = (services => services.AddResponseCaching(), app => app.UseResponseCaching()),
        ["response compression"] = (
            services => services.AddResponseCompression(options => options.EnableForHttps = true),
            app => app.UseResponseCompression()),
        ["request decompression"] = (services => services.AddRequestDecompression(), app => app.UseRequestDecompression()),
        ["output cache of everything"] = (
            services => services.AddOutputCache(options => options.AddBasePolicy(policy => policy.AddPolicy<CacheAll>(), excludeDefaultPolicy: true)),
            app => app.UseOutputCache()),
        ["rate limiter"] = (
            services => services.AddRateLimiter(options => options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(_ => RateLimitPartition.GetConcurrencyLimiter("", _ => new() { PermitLimit = 100 }))),
            app => app.UseRateLimiter()),
        ["CORS"] = (
            services => services.AddCors(options => options.AddDefaultPolicy(policy => policy.WithOrigins("https://elsewhere.example.com"))),
            app => app.UseCors()),
        ["antiforgery"] = (services => services.AddAntiforgery(), app => app.UseAntiforgery()),
        ["authorization fallback"] = (
            services => services.AddAuthorization(options => options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build()).AddAuthentication().AddCookie(),
            app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
            }
        ),
        ["HTTP logging"] = (services => services.AddHttpLogging(options => options.LoggingFields = HttpLoggingFields.All), app => app.UseHttpLogging()),
        ["request timeouts"] = (services => services.AddRequestTimeouts(), app => app.UseRequestTimeouts()),
        ["request buffering"] = (_ => { }, app => app.Use(async (http, next) =>
        {
            http.Request.EnableBuffering();
            _ = await new StreamReader(http.Request.Body, leaveOpen: true).ReadToEndAsync(http.RequestAborted);
            http.Request.Body.Position = 0;
            await next(http);
        })),
        ["a rewriter of answers without a body"] = (_ => { }, app => app.Use(async (http, next) =>
        {
            await next(http);
            if (http.Response.ContentLength is null or 0)
            {
                http.Response.StatusCode = 200;
                await http.Response.WriteAsync(Page);
            }
        })),
        ["a rewriter of answers that have not started"] = (_ => { }, app => app.Use(async (http, next) =>
        {
            await next(http);
            if (!http.Response.HasStarted)
            {
                http.Response.Clear();
                await http.Response.WriteAsync(Page);
            }
        })),
        ["a rewriter at the start of the answer"] = (_ => { }, app => app.Use((http, next) =>
        {
            http.Response.OnStarting(() =>
            {
                http.Response.StatusCode = 200;
                http.Response.Headers.RetryAfter = "86400";
                http.Response.Headers.Remove("Upstash-NonRetryable-Error");
                return Task.CompletedTask;
            });

            return next(http);
        })),
        ["a buffer around the answer"] = (_ => { }, app => app.Use(async (http, next) =>
        {
            var original = http.Response.Body;
            using var buffer = new MemoryStream();
            http.Response.Body = buffer;
            await next(http);
            http.Response.Body = original;
            if (http.Response.StatusCode >= 400 && !http.Response.HasStarted)
                http.Response.StatusCode = 200;
            buffer.Position = 0;
            await buffer.CopyToAsync(original, http.RequestAborted);
        })),
        ["headers set before"] = (_ => { }, app => app.Use((http, next) =>
        {
            http.Response.StatusCode = 202;
            http.Response.ContentType = "text/html";
            http.Response.Headers.Allow = "GET";
            http.Response.Headers.ContentEncoding = "br";
            http.Response.Headers.RetryAfter = "86400";
            http.Response.Headers["Upstash-NonRetryable-Error"] = "true";
            return next(http);
        })),
        ["an exception afterwards"] = (_ => { }, app =>
        {
            app.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = _ => 200, ExceptionHandler = http => http.Response.WriteAsync(Page) });
            app.Use(async (http, next) =>
            {
                await next(http);
                throw new InvalidOperationException("After the answer.");
            });
        }
        ),
    };

    static readonly Dictionary<string, (int Status, string? RetryAfter, string? Body, Func<An_answer_in_an_application_with_middleware, HttpRequestMessage> Request)> Outcomes = new()
    {
        ["consumed"] = (200, null, null, test => test.Deliver("orders", "consume")),
        ["faulted"] = (489, null, "Out of stock.", test => test.Deliver("orders", "fail")),
        ["failed"] = (500, null, "Out of stock.", test => test.Deliver("rethrowing", "fail")),
        ["skipped"] = (489, null, "skipped", test => test.Skip()),
        ["not ready"] = (503, "5", null, test => test.Deliver("waiting", "consume")),
        ["unknown endpoint"] = (404, null, "unknownEndpoint", test => test.Deliver("nobody", "consume")),
        ["not verified"] = (401, null, null, test => test.Deliver("orders", "consume", delivery => delivery.Sign(claims => claims["sub"] = "http://other.test/"))),
        ["too large"] = (413, null, null, test => test.Deliver("orders", new string('x', 20_000))),
        ["sent with GET"] = (405, null, null, test => test.Get()),
    };

    readonly HttpClient _http = new();
    readonly TaskCompletionSource _never = new();
    Cloud _cloud = null!;
    Service _orders = null!;

    // An authorization that comes before the routes knows no route that allows everybody, ours or another.
    public static TheoryData<string, bool, bool> Names => new(Middleware.Keys.SelectMany(_ => ((bool IsHandedOver, bool RoutesLater)[])[(false, false), (false, true), (true, false)],
        (name, form) => (name, form.IsHandedOver, form.RoutesLater)).Where(row => row is not { name: "authorization fallback", RoutesLater: true }));

    /// <remarks>
    /// By the routes of MapQStash, which WebApplication matches before the middleware, or the application after it; or by a route of the
    /// application, which hands deliveries over.
    /// </remarks>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Reaches_QStash_as_it_is(string middleware, bool isHandedOver, bool routesLater)
    {
        var (services, use) = Middleware[middleware];
        await Start(services, app =>
        {
            use(app);
            if (routesLater)
                app.UseRouting();
        }, isHandedOver: isHandedOver);

        foreach (var (outcome, (status, retryAfter, body, request)) in Outcomes)
        {
            using var answer = await _http.SendAsync(request(this), Cancellation);
            var text = await answer.Content.ReadAsStringAsync(Cancellation);

            Assert.Equal((outcome, status), (outcome, (int)answer.StatusCode));
            Assert.Equal((outcome, retryAfter), (outcome, answer.Headers.TryGetValues("Retry-After", out var wait) ? wait.Single() : null));
            Assert.Equal((outcome, status == 489 ? "true" : null), (outcome, answer.Headers.TryGetValues("Upstash-NonRetryable-Error", out var final) ? final.Single() : null));
            Assert.Equal((outcome, status == 405 ? "POST" : ""), (outcome, string.Join(',', answer.Content.Headers.Allow)));
            Assert.Equal((outcome, body is null ? null : "application/json; charset=utf-8"), (outcome, answer.Content.Headers.ContentType?.ToString()));
            Assert.Empty(answer.Content.Headers.ContentEncoding);
            // It proves the reason that an endpoint gives.
            Assert.Equal((outcome, body is not null && outcome != "unknown endpoint"), (outcome, answer.Headers.Contains("MassTransit-Proof")));

            if (body is null)
                Assert.Equal((outcome, ""), (outcome, text));
            else
                Assert.Contains(body, text, StringComparison.Ordinal);
        }

        Assert.Single(_orders.Observed.Messages<OrderSubmitted>(), message => message.OrderId == "consume");
    }

    // In the order of many applications, and in that of WebApplication, which matches routes first.
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Is_no_redirection_to_https(bool routesLater, bool isHandedOver)
    {
        await Start(services => services.AddHttpsRedirection(options => options.HttpsPort = 443), app =>
        {
            app.UseHttpsRedirection();
            if (routesLater)
                app.UseRouting();
        }, isHandedOver: isHandedOver);

        foreach (var (outcome, (status, _, _, request)) in Outcomes.Where(outcome => outcome.Key is not ("unknown endpoint" or "sent with GET")))
        {
            using var answer = await _http.SendAsync(request(this), Cancellation);

            Assert.Equal((outcome, status), (outcome, (int)answer.StatusCode));
        }
    }

    // Without a signature, a known name or POST only the route says that it is ours, also beside a page for everything.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_route_that_is_known_is_no_redirection_either(bool hasFallback)
    {
        await Start(services => services.AddHttpsRedirection(options => options.HttpsPort = 443), app =>
        {
            app.UseRouting();
            app.UseHttpsRedirection();
            if (hasFallback)
                app.MapFallback(http => http.Response.WriteAsync(Page));
        });
        var unsigned = Create("orders", []);
        using var stranger = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });

        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.SendAsync(unsigned.To(Url("orders"), signature: null), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.SendAsync(Deliver("nobody", "consume"), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await stranger.SendAsync(Get(), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Is_500_when_the_application_breaks_the_body()
    {
        await Start(_ => { }, app => app.Use((http, next) =>
        {
            http.Request.Body = new BrokenStream();
            return next(http);
        }));

        using var answer = await _http.SendAsync(Deliver("orders", "consume"), Cancellation);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Empty(_orders.Observed.Messages<OrderSubmitted>());
        await _orders.Log.WaitForWarningAsync("A delivery could not be handled, and will come again");
    }

    [Fact]
    public async Task Is_not_given_when_the_application_has_begun_another()
    {
        await Start(_ => { }, app => app.Use(async (http, next) =>
        {
            await http.Response.StartAsync(http.RequestAborted);
            await next(http);
        }));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SendAndRead(Deliver("orders", "consume")));

        Assert.Empty(_orders.Observed.Messages<OrderSubmitted>());
        await _orders.Log.WaitForWarningAsync("Aborted a delivery");
    }

    [Fact]
    public async Task Is_final_behind_a_fallback_that_serves_a_page_for_everything()
    {
        await Start(_ => { }, app => app.MapFallback(http => http.Response.WriteAsync(Page)));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _http.SendAsync(Get(), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _http.SendAsync(new HttpRequestMessage(HttpMethod.Head, Url("orders")), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.SendAsync(Deliver("nobody", "consume"), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Skips_all_middleware_when_the_routes_are_told_to()
    {
        await Start(_ => { }, app => app.Use((HttpContext http, RequestDelegate _) =>
        {
            // Such as a redirect to https.
            http.Response.Redirect("https://orders.test/", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        }), routes => routes.ShortCircuit());

        Assert.Equal(HttpStatusCode.OK, (await _http.SendAsync(Deliver("orders", "consume"), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Is_that_of_a_rate_limiter_which_was_asked_for()
    {
        await Start(
            services => services.AddRateLimiter(options =>
            {
                options.RejectionStatusCode = 429;
                options.AddFixedWindowLimiter("deliveries", limiter => (limiter.PermitLimit, limiter.Window) = (1, TimeSpan.FromHours(1)));
            }),
            app => app.UseRateLimiter(),
            routes => routes.RequireRateLimiting("deliveries"));

        Assert.Equal(HttpStatusCode.OK, (await _http.SendAsync(Deliver("orders", "consume"), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _http.SendAsync(Deliver("orders", "consume"), Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("no middleware", false)]
    [InlineData("request decompression", false)]
    [InlineData("request decompression", true)]
    public async Task Names_the_encoding_of_a_body_that_is_genuine_and_compressed(string middleware, bool isHandedOver)
    {
        await Start(middleware, isHandedOver);
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true))
            await gzip.WriteAsync("""{"orderId":"consume"}"""u8.ToArray(), Cancellation);
        var delivery = Create("orders", compressed.ToArray());
        var request = delivery.To(Url("orders"), delivery.Sign());
        request.Content!.Headers.ContentEncoding.Add("gzip");

        using var answer = await _http.SendAsync(request, Cancellation);

        Assert.Equal(489, (int)answer.StatusCode);
        Assert.Contains("gzip", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_the_encoding_of_other_requests_to_the_application()
    {
        await Start(services => services.AddRequestDecompression(), app =>
        {
            app.UseRequestDecompression();
            app.MapPost("/hooks/payments", async (HttpRequest request) => await new StreamReader(request.Body).ReadToEndAsync(request.HttpContext.RequestAborted));
        });
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true))
            await gzip.WriteAsync("plain"u8.ToArray(), Cancellation);
        var delivery = Create("orders", compressed.ToArray());
        var request = delivery.To(new Uri(_orders.LocalAddress, "hooks/payments"), delivery.Sign());
        request.Content!.Headers.ContentEncoding.Add("gzip");

        using var answer = await _http.SendAsync(request, Cancellation);

        Assert.Equal("plain", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    Task Start(string middleware, bool isHandedOver) =>
        Start(Middleware[middleware].Services, Middleware[middleware].Use, isHandedOver: isHandedOver);

    async Task Start(Action<IServiceCollection> addServices, Action<WebApplication> use, Action<IEndpointConventionBuilder>? bend = null,
        bool isHandedOver = false)
    {
        _cloud = await Cloud.StartAsync();
        _orders = _cloud.Build("orders", s =>
        {
            addServices(s.Services);
            if (isHandedOver)
                s.Services.AddQStashDeliveryHandler();
            s.AddBus(null, (_, cfg) =>
            {
                cfg.Host(h => h.MaxBodySize(20_000));

                foreach (var name in (string[])["orders", "rethrowing"])
                {
                    cfg.ReceiveEndpoint(name, e =>
                    {
                        e.UseRawJsonDeserializer();
                        if (name == "rethrowing")
                            e.RethrowFaultedMessages();
                        e.Handler<OrderSubmitted>(context =>
                        {
                            s.Observed.Add(context);
                            return context.Message.OrderId == "fail" ? throw new InvalidOperationException("Out of stock.") : Task.CompletedTask;
                        });
                    });
                }
            });
            s.Map(app =>
            {
                use(app);
                app.Map("/error/{status}", http => http.Response.WriteAsync(Page)).AllowAnonymous();
                if (isHandedOver)
                {
                    app.Map("/qstash/{endpoint}", (HttpContext http, string endpoint, IQStashDeliveryHandler handler) => handler.Handle(http, endpoint))
                        .AllowAnonymous();
                    return;
                }

                var routes = app.MapQStash();
                bend?.Invoke(routes);
            });
        });
        await _orders.StartAsync();
        _orders.Bus.ConnectReceiveEndpoint("waiting", e => e.AddDependency(new Gate(_never.Task)));
    }

    Delivery Create(string endpoint, byte[] body, string contentType = "application/json") => new()
    {
        PublicUrl = $"http://orders.test/qstash/{endpoint}",
        Now = _cloud.Clock.GetUtcNow(),
        SigningKey = _cloud.Emulator.DefaultUser.CurrentSigningKey,
        Body = body,
        ContentType = contentType,
    };

    HttpRequestMessage Deliver(string endpoint, string orderId, Func<Delivery, string>? sign = null) =>
        Prepare(Create(endpoint, Encoding.UTF8.GetBytes($$"""{"orderId":"{{orderId}}"}""")), endpoint, sign);

    HttpRequestMessage Skip() => Prepare(
        Create("orders", """{ "messageId": "5e2f0000-1111-2222-3333-444455556666", "messageType": ["urn:message:Nobody:Wants"], "message": {} }"""u8.ToArray(), "application/vnd.masstransit+json"),
        "orders");

    HttpRequestMessage Get()
    {
        var delivery = Create("orders", []);
        var request = new HttpRequestMessage(HttpMethod.Get, Url("orders"));
        request.Headers.TryAddWithoutValidation("Upstash-Signature", delivery.Sign());

        return request;
    }

    HttpRequestMessage Prepare(Delivery delivery, string endpoint, Func<Delivery, string>? sign = null)
    {
        var request = delivery.To(Url(endpoint), sign is null ? delivery.Sign() : sign(delivery));
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, br");
        request.Headers.TryAddWithoutValidation("Origin", "https://stranger.example.com");

        return request;
    }

    Uri Url(string endpoint) => new(_orders.LocalAddress, $"qstash/{endpoint}");

    async Task SendAndRead(HttpRequestMessage request)
    {
        using var answer = await _http.SendAsync(request, Cancellation);
        await answer.Content.ReadAsStringAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
    }

    sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("The body is broken.");
    }

    sealed class Gate(Task ready) : IReceiveEndpointDependency
    {
        public Task Ready => ready;
    }

    sealed class CacheAll : IOutputCachePolicy
    {
        public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
        {
            context.EnableOutputCaching = context.AllowCacheLookup = context.AllowCacheStorage = true;
            return ValueTask.CompletedTask;
        }

        public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
