using System.Text.Encodings.Web;
using System.Text.Json;

namespace QStash.Emulator.Api;

/// <summary>
/// Writes answers without escaped quotation marks. People see errors as they come over the wire, for example with the official
/// JavaScript SDK.
/// </summary>
static class PlainJson
{
    public static EmulatorJson Default { get; } =
        new(new JsonSerializerOptions(EmulatorJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
