using System.Buffers;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using QStash.Emulator.Durability;
using QStash.Emulator.Errors;
using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Http;

/// <summary>Helpers for requests that most endpoints need.</summary>
static class HttpContextExtensions
{
    static readonly Shared<string> Addresses = new(StringComparer.Ordinal);

    public static Account Account(this HttpContext context) => context.Features.GetRequiredFeature<Account>();

    public static RawTarget RawTarget(this HttpContext context) => context.Features.GetRequiredFeature<RawTarget>();

    public static string CallerIp(this HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        return Addresses.Of((address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString() ?? "");
    }

    public static string RouteText(this HttpContext context, string name) => (string)context.GetRouteValue(name)!;

    /// <exception cref="ApiException">400 with <paramref name="tooLarge"/> when the body has more bytes than allowed.</exception>
    public static Task<byte[]> ReadBodyAsync(this HttpContext context, int limit, string tooLarge) =>
        context.ReadBodyAsync(limit, tooLarge, static body => body.ToArray());

    /// <param name="context">The request.</param>
    /// <param name="limit">The most bytes that are allowed.</param>
    /// <param name="tooLarge">The error for a body with more.</param>
    /// <param name="copy">Copies the body: its memory is used again afterwards.</param>
    /// <exception cref="ApiException">400 with <paramref name="tooLarge"/> when the body has more bytes than allowed.</exception>
    public static async Task<T> ReadBodyAsync<T>(
        this HttpContext context, int limit, string tooLarge, Func<ReadOnlySequence<byte>, T> copy)
    {
        if (context.Request.ContentLength > limit)
            throw ApiException.BadRequest(tooLarge);

        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > limit)
                throw ApiException.BadRequest(tooLarge);

            if (read.IsCompleted)
            {
                var body = copy(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Answers as soon as the changes of the call are in the data file.</summary>
    public static async Task AnswerAsync<T>(
        this HttpContext context, T value, JsonTypeInfo<T> type, int statusCode = StatusCodes.Status200OK)
    {
        if (context.Features.Get<DurableAnswers>() is { } durable)
        {
            await durable.FlushAsync();
            // The end of the answer must not wait again, for what came since.
            context.Features.Set<DurableAnswers>(null);
        }

        context.Response.StatusCode = statusCode;
        await context.Response.WriteAsJsonAsync(value, type);
    }

    /// <summary>Answers with a value that is read from the account under its gate.</summary>
    public static async Task AnswerFromAsync<T>(this HttpContext context, Func<Account, T> look, JsonTypeInfo<T> type)
    {
        var account = context.Account();
        T answer;
        lock (account.Gate)
            answer = look(account);

        await context.AnswerAsync(answer, type);
    }
}
