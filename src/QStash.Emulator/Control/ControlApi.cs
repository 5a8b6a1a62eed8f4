using QStash.Emulator.Api;
using QStash.Emulator.Http;
using QStash.Emulator.Snapshots;

namespace QStash.Emulator.Control;

/// <summary><c>/emulator/idle</c>, <c>/emulator/reset</c> and <c>/emulator/state</c>.</summary>
sealed class ControlApi(EmulatorControl control)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/emulator/idle", IdleAsync);
        endpoints.MapPost("/emulator/reset", ResetAsync);
        endpoints.MapGet("/emulator/state", StateAsync);
    }

    async Task IdleAsync(HttpContext context)
    {
        var body = await ControlBody.ReadAsync(context, ControlDeadline.Member);
        await ControlDeadline.WithinAsync(context, body, control.WaitUntilIdleAsync);
    }

    async Task ResetAsync(HttpContext context)
    {
        var body = await ControlBody.ReadAsync(context, "clock");
        await control.ResetAsync(JsonBody.OptionalFlag(body, "clock") ?? false, context.RequestAborted);
    }

    Task StateAsync(HttpContext context) => context.AnswerAsync(control.GetSnapshot(), SnapshotJson.Default.EmulatorSnapshot);
}
