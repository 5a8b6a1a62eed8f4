using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace QStash.Client.Tests;

/// <summary>A request as it arrived; the target is the raw text of the request line.</summary>
sealed record RecordedRequest(string Method, string RawTarget, IHeaderDictionary Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonElement.Parse(Body);
}
