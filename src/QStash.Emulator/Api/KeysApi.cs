using QStash.Emulator.Http;

namespace QStash.Emulator.Api;

// docs/qstash-contract.md#signing-keys
/// <summary>Signing keys.</summary>
static class KeysApi
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/v2/keys", Get);
        endpoints.MapPost("/v2/keys/rotate", Rotate);
        // The path that the Go SDK uses.
        endpoints.MapPost("/v2/rotate", Rotate);
    }

    static Task Get(HttpContext context) =>
        context.AnswerAsync(KeysAnswer.Of(context.Account().Keys), EmulatorJson.Default.KeysAnswer);

    static Task Rotate(HttpContext context) =>
        context.AnswerAsync(KeysAnswer.Of(context.Account().RotateKeys()), EmulatorJson.Default.KeysAnswer);
}
