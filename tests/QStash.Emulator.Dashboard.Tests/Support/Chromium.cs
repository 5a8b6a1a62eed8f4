using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(QStash.Emulator.Dashboard.Tests.Support.Chromium))]

namespace QStash.Emulator.Dashboard.Tests.Support;

/// <summary>One browser for all tests. Playwright brings its driver, not the browser.</summary>
public sealed class Chromium : IAsyncLifetime
{
    static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    IPlaywright? _playwright;
    IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Places.FirstOrDefault(File.Exists) is not { } path)
            return;

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
                // What a site does that lets its own name resolve to this machine.
                "--host-resolver-rules=MAP *.example 127.0.0.1",
            ],
        });
    }

    /// <summary>The browser. Skips the test on a machine that has none, except in CI.</summary>
    public IBrowser Require()
    {
        if (_browser is null && Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Skip("Needs Chromium at " + string.Join(" or ", Places));

        return _browser ?? throw new InvalidOperationException("CI has to install Chromium; .ci/run does.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();

        _playwright?.Dispose();
    }
}
