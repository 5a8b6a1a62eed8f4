using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using QStash.Emulator.Errors;

namespace QStash.Emulator.Api;

/// <summary>Gives every error the JSON body that QStash gives it.</summary>
sealed partial class ErrorAnswers(RequestDelegate next, ILogger logger)
{
    [SuppressMessage("Design", "CA1031", Justification = "The outermost frame of a request.")]
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null } response)
                await WriteAsync(context, response.StatusCode, Text(context));
        }
        catch (ApiException exception)
        {
            foreach (var (name, value) in exception.Headers)
                context.Response.Headers[name] = value.ToString(CultureInfo.InvariantCulture);

            await WriteAsync(context, exception.StatusCode, exception.Message);
        }
        catch (BadHttpRequestException exception)
        {
            await WriteAsync(context, exception.StatusCode, exception.Message);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            Broken(exception, context.Request.Method, context.GetEndpoint()?.DisplayName);
            await WriteAsync(context, StatusCodes.Status500InternalServerError, "the emulator has failed; see its log");
        }
    }

    static string Text(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "not found: no such path",
        StatusCodes.Status405MethodNotAllowed => $"method {context.Request.Method} is not allowed here",
        var status => $"request failed with status {status}",
    };

    static Task WriteAsync(HttpContext context, int statusCode, string error)
    {
        if (context.Response.HasStarted)
            return Task.CompletedTask;

        context.Response.StatusCode = statusCode;
        return context.Response.WriteAsJsonAsync(new ErrorAnswer(error), PlainJson.Default.ErrorAnswer);
    }

    [LoggerMessage(11, LogLevel.Error, "{Method} {Endpoint} failed")]
    partial void Broken(Exception exception, string method, string? endpoint);
}
