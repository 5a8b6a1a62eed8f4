using QStash.Emulator.Http;

namespace QStash.Emulator.Api;

/// <summary>K1 and K2: signing keys (contract 2.11).</summary>
static class KeysApi
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/v2/keys", Get);
        endpoints.MapPost("/v2/keys/rotate", Rotate);
        // The path the Go SDK uses (check 56).
        endpoints.MapPost("/v2/rotate", Rotate);
    }

    static Task Get(HttpContext context) =>
        context.AnswerAsync(KeysAnswer.Of(context.Account().Keys), EmulatorJson.Default.KeysAnswer);

    static Task Rotate(HttpContext context) =>
        context.AnswerAsync(KeysAnswer.Of(context.Account().RotateKeys()), EmulatorJson.Default.KeysAnswer);
}
