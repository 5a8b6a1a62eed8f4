using System.Globalization;
using System.Text.Json;
using QStash.Emulator.Api;
using QStash.Emulator.Errors;
using QStash.Emulator.Http;
using QStash.Emulator.Snapshots;
using QStash.Emulator.Time;

namespace QStash.Emulator.Control;

/// <summary><c>/emulator/clock</c>: reads and moves the clock. Every call answers with the time it shows now.</summary>
sealed class ClockApi(EmulatorControl control, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/emulator/clock", AnswerAsync);
        endpoints.MapPost("/emulator/clock/advance", AdvanceAsync);
        endpoints.MapPost("/emulator/clock/freeze", context => MoveAsync(context, static clock => clock.Freeze()));
        endpoints.MapPost("/emulator/clock/resume", context => MoveAsync(context, static clock => clock.Resume()));
        endpoints.MapPost("/emulator/clock/scale", ScaleAsync);
    }

    async Task AdvanceAsync(HttpContext context)
    {
        var clock = Clock;
        var body = await ControlBody.ReadAsync(context, "by", "until", ControlDeadline.Member);
        var until = (ControlBody.OptionalDuration(body, "by"), Until(body, clock)) switch
        {
            ({ } by, null) => After(clock, by),
            (null, { } instant) => instant,
            _ => throw ApiException.BadRequest(
                "invalid body: either by, a duration such as 1h30m, or until, an instant such as 2026-01-31T12:00:00Z, is needed"),
        };
        await ControlDeadline.WithinAsync(context, body, cancellation => control.AdvanceAsync(clock, until, cancellation));
        await AnswerAsync(context);
    }

    async Task ScaleAsync(HttpContext context)
    {
        var clock = Clock;
        var body = await ControlBody.ReadAsync(context, "scale");
        try
        {
            clock.Scale = ControlBody.OptionalNumber(body, "scale") ?? throw ApiException.BadRequest("invalid scale: it is missing");
        }
        catch (ArgumentOutOfRangeException)
        {
            throw ApiException.BadRequest("invalid scale: it must be more than 0 and at most 1000000");
        }

        await AnswerAsync(context);
    }

    Task MoveAsync(HttpContext context, Action<VirtualClock> move)
    {
        move(Clock);
        return AnswerAsync(context);
    }

    Task AnswerAsync(HttpContext context) => context.AnswerAsync(ClockSnapshot.Of(time), SnapshotJson.Default.ClockSnapshot);

    VirtualClock Clock => control.Clock ?? throw new ApiException(
        StatusCodes.Status409Conflict, "the clock cannot be moved: the emulator was not started with a VirtualClock as its TimeProvider");

    static DateTimeOffset After(VirtualClock clock, TimeSpan by)
    {
        try
        {
            return clock.After(by);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw ApiException.BadRequest("invalid by: the clock ends with the year 8999");
        }
    }

    static DateTimeOffset? Until(JsonElement body, VirtualClock clock)
    {
        if (JsonBody.OptionalText(body, "until") is not { } text)
            return null;

        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
            throw ApiException.BadRequest("invalid until: it must be an instant such as 2026-01-31T12:00:00Z");

        return instant >= clock.GetUtcNow() && instant < ClockMotion.End
            ? instant
            : throw ApiException.BadRequest($"invalid until: it must lie between now, {clock.GetUtcNow():O}, and the year 9000");
    }
}
