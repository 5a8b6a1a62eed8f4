using System.Text.Encodings.Web;
using System.Text.Json;

namespace QStash.Emulator.Api;

/// <summary>
/// Answers with their text as it is, without escaped quotation marks: people see errors as they come over the wire, for example
/// with the official JavaScript SDK (contract 1.4).
/// </summary>
static class PlainJson
{
    public static EmulatorJson Default { get; } =
        new(new JsonSerializerOptions(EmulatorJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
