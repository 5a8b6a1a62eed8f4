using System.Net;

namespace QStash.Tools.Tests.Support;

/// <summary>A destination on loopback.</summary>
sealed class Consumer : IDisposable
{
    readonly HttpListener _listener = new();

    public Consumer()
    {
        Url = $"http://127.0.0.1:{FreePort.Find()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
    }

    public string Url { get; }

    /// <summary>Waits for a request, answers it, and returns its headers and body.</summary>
    public async Task<(WebHeaderCollection Headers, string Body)> ReceiveAsync(int status = 200)
    {
        var context = await _listener.GetContextAsync().WaitAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(context.Request.InputStream);
        var body = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        context.Response.StatusCode = status;
        context.Response.Close();
        return ((WebHeaderCollection)context.Request.Headers, body);
    }

    public void Dispose() => _listener.Close();
}
