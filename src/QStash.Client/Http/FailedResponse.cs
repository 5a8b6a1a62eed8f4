using System.Net;
using System.Text;
using System.Text.Json;

namespace QStash.Client;

// Chooses the exception for an answer outside 2xx.
static class FailedResponse
{
    const int LongestError = 500;

    // The error text for an answer that accepts a message but does not name its id.
    public const string NoReceipt = "QStash answered without a receipt, so the message was not sent, or it is unknown whether it was.";

    public static async Task<QStashException> ReadAsync(HttpResponseMessage response, string token, TimeProvider time, bool isBulkAction,
        CancellationToken cancellationToken)
    {
        // Read as bytes, because reading as text fails if the platform does not know the charset.
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var error = Error(Encoding.UTF8.GetString(body), token);
        var status = response.StatusCode;
        var message = $"QStash answered {(int)status}{(error is null ? "." : $": {error}")}";

        switch (status)
        {
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                return new QStashAuthenticationException(
                    $"{message} Check {QStashSettings.TokenVariable}: a token belongs to one region, "
                    + "and a read-only one cannot write.", status, error);
            case HttpStatusCode.NotFound:
                return new QStashNotFoundException(message, status, error);
            case HttpStatusCode.PreconditionFailed when isBulkAction:
                return new QStashBulkActionLimitException(
                    $"{message} More than 1,000 cancels by filter are in progress. Repeat it when some have ended.", status, error);
            case HttpStatusCode.PreconditionFailed:
            case HttpStatusCode.BadRequest when IsQuota(error):
                return new QStashQuotaException(message, status, error);
            case HttpStatusCode.TooManyRequests:
                var limit = RateLimit.Read(response.Headers, time.GetUtcNow());
                if (isBulkAction && limit is { IsDaily: false, Limit: null, Remaining: null, ResetAt: null })
                    return new QStashBulkActionRunningException($"{message} The cancel continues; BulkActions lists it.", status, error);

                return limit.IsDaily
                    ? new QStashDailyLimitException(message, error, limit)
                    : new QStashBurstLimitException(message, error, limit);
            case >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError:
                return new QStashBadRequestException(message, status, error);
            default:
                return new QStashException(message, status, error);
        }
    }

    // The result of a message in a batch has no status.
    public static QStashException Refused(string error)
    {
        if (error == NoReceipt)
            return new QStashException($"{NoReceipt} Check that Url points to QStash.");

        var message = $"QStash refused the message: {error}";

        if (IsQuota(error))
            return new QStashQuotaException(message, null, error);

        return IsMissing(error)
            ? new QStashNotFoundException(message, null, error)
            : new QStashBadRequestException(message, null, error);
    }

    public static bool IsMissing(string error) => error.EndsWith(" not found", StringComparison.OrdinalIgnoreCase);

    static bool IsQuota(string? error) => error?.StartsWith("quota ", StringComparison.OrdinalIgnoreCase) == true;

    static string? Error(string body, string token)
    {
        var text = Member(body) ?? body.Trim();
        if (text.Length == 0)
            return null;

        // Remove the token, because a gateway may echo the request's headers.
        text = text.Replace(token, "***", StringComparison.Ordinal);
        return text.Length <= LongestError ? text : text[..LongestError] + "…";
    }

    static string? Member(string body)
    {
        if (!body.StartsWith('{'))
            return null;

        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String
                ? error.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
