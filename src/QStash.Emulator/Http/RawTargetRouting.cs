using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;

namespace QStash.Emulator.Http;

/// <summary>
/// Cuts the destination off the path before routing sees it, because routing would interpret its dot segments and escapes.
/// </summary>
sealed partial class RawTargetRouting(RequestDelegate next)
{
    public const string Publish = "/v2/publish";
    public const string Enqueue = "/v2/enqueue";
    public const string Schedule = "/v2/schedules";

    public Task InvokeAsync(HttpContext context)
    {
        var target = RawTarget.Parse(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        context.Features.Set(target);
        foreach (var path in (ReadOnlySpan<string>)[Publish, Enqueue])
        {
            if (target.PathAfter(path) is { } rest && (rest.Length == 0 || rest[0] == '/'))
                context.Request.Path = path;
        }

        // With other verbs, and for pause and resume, an id follows and no destination.
        if (HttpMethods.IsPost(context.Request.Method)
            && target.PathAfter(Schedule) is ['/', ..] destination
            && !ActionOnSchedule.IsMatch(destination))
        {
            context.Request.Path = Schedule;
        }

        return next(context);
    }

    [GeneratedRegex("^/[^/]+/(pause|resume)/?$", RegexOptions.IgnoreCase)]
    static partial Regex ActionOnSchedule { get; }
}
