using QStash.Emulator.Errors;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Http;

// docs/qstash-contract.md#authentication
/// <summary>Finds the user of a request by its bearer token or <c>?qstash_token=</c>.</summary>
sealed class Authentication(RequestDelegate next, AccountRegistry accounts)
{
    const string Scheme = "Bearer ";
    const string QueryParameter = "qstash_token";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/v2", StringComparison.OrdinalIgnoreCase))
        {
            // The header wins: docs/qstash-contract.md#g2
            var token = BearerToken(context) ?? context.Features.Get<RawTarget>()!.QueryValue(QueryParameter);
            var (account, readOnly) = token is null ? default : accounts.Find(token);
            context.Features.Set(account ?? throw new ApiException(
                StatusCodes.Status401Unauthorized, "unable to authenticate: " + (token is null ? "missing token" : "invalid token")));
            if (readOnly && !HttpMethods.IsGet(context.Request.Method))
                throw new ApiException(StatusCodes.Status403Forbidden, "forbidden: the token is read-only");
        }

        return next(context);
    }

    /// <summary>The token of the header, if there is one.</summary>
    public static string? BearerToken(HttpContext context)
    {
        string? header = context.Request.Headers.Authorization;
        return header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }
}
