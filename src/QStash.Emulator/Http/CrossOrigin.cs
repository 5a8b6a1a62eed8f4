using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace QStash.Emulator.Http;

/// <summary>
/// Answers a browser that asks what pages of another origin may do. It stands in for <c>UseCors</c>, which compiles an expression each
/// time a pipeline is built: a tenth of the start of an emulator.
/// </summary>
sealed class CrossOrigin
{
    readonly CorsMiddleware _middleware;
    readonly DefaultCorsPolicyProvider _noOtherPolicies;

    public CrossOrigin(RequestDelegate next, WebSites sites)
    {
        var options = Options.Create(new CorsOptions());
        var loggers = NullLoggerFactory.Instance;
        var policy = new CorsPolicyBuilder()
            .SetIsOriginAllowed(origin => WebSites.IsKnown(origin) || sites.IsAllowed(origin))
            .AllowAnyHeader()
            .AllowAnyMethod()
            .Build();
        _noOtherPolicies = new DefaultCorsPolicyProvider(options);
        _middleware = new CorsMiddleware(next, new CorsService(options, loggers), policy, loggers);
    }

    public Task InvokeAsync(HttpContext context) => _middleware.Invoke(context, _noOtherPolicies);
}
