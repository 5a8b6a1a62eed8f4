using System.Text.Json;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Node.Tests.Support;

/// <summary>An emulator on a virtual clock, a destination, and the official SDK as its client.</summary>
public abstract class NodeTest(JavaScript javaScript) : EmulatorTest
{
    public override ValueTask InitializeAsync()
    {
        javaScript.Require();
        return base.InitializeAsync();
    }

    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Emulator is null ? ValueTask.CompletedTask : base.DisposeAsync();
    }

    /// <summary>
    /// Runs JavaScript that sees <c>client</c>, the SDK's client of this emulator, <c>sink</c>, the URL of the destination, the SDK's
    /// exports, and the members of <paramref name="given"/> as <c>given</c>.
    /// </summary>
    protected Task<JsonElement> ScriptAsync(string script, object? given = null) => javaScript.Require().RunAsync(
        "const client = new Client({ baseUrl, token });\n" + script,
        new { baseUrl = Emulator.Url.GetLeftPart(UriPartial.Authority), token = Emulator.DefaultUser.Token, sink = Sink.Url, given },
        Cancellation);
}
