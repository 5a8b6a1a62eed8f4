using System.Text.Json;
using QStash.Emulator.Errors;

namespace QStash.Emulator.Control;

/// <summary>How long a call of the control surface may wait. It counts real time, because the emulator's clock may stand still.</summary>
static class ControlDeadline
{
    public const string Member = "timeout";

    static readonly TimeSpan Default = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <exception cref="ApiException">409 when the time is over, so that <c>curl --fail</c> fails.</exception>
    public static async Task WithinAsync(HttpContext context, JsonElement body, Func<CancellationToken, Task> work)
    {
        var timeout = ControlBody.OptionalDuration(body, Member) ?? Default;
        if (timeout > Longest)
            throw ApiException.BadRequest($"invalid {Member}: it must be at most 1h");

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(timeout);
        try
        {
            await work(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new ApiException(
                StatusCodes.Status409Conflict,
                $"the emulator was not idle within {timeout.TotalSeconds} s: "
                + "a destination has not answered, or keeps causing messages");
        }
    }
}
