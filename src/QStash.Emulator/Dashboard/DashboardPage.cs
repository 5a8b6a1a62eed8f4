using Microsoft.Extensions.FileProviders;

namespace QStash.Emulator.Dashboard;

/// <summary>The page and its files, which are embedded in the assembly.</summary>
static class DashboardPage
{
    /// <summary>
    /// The page may load only its own files and may not turn strings into markup, so the content of a message cannot run or load anything.
    /// </summary>
    const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    static readonly EmbeddedFileProvider Files = new(typeof(DashboardPage).Assembly, typeof(DashboardPage).Namespace + ".Page");

    public static void Use(WebApplication app)
    {
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = Files,
            RequestPath = "/dashboard/page",
            OnPrepareResponse = static file => Protect(file.Context.Response),
        });
        app.MapGet("/", static context =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            Protect(context.Response);
            return context.Response.SendFileAsync(Files.GetFileInfo("index.html"), context.RequestAborted);
        });
    }

    static void Protect(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        // Not cached: another version of the emulator may run at the same address tomorrow.
        headers.CacheControl = "no-cache";
    }
}
