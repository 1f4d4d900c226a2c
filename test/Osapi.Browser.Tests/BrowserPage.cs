using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Osapi.Browser.Tests;

/// <summary>A page in a real browser, which records errors of scripts and requests that leave the page.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private const string Executable = "/usr/bin/chromium";

    private readonly ConcurrentQueue<string> errors = [];
    private readonly ConcurrentQueue<string> requests = [];
    private readonly IPlaywright playwright;
    private readonly IBrowser browser;
    private readonly string file;

    private BrowserPage(IPlaywright playwright, IBrowser browser, IPage page, string file)
    {
        (this.playwright, this.browser, Page, this.file) = (playwright, browser, page, file);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                errors.Enqueue(message.Text);
        };
        page.PageError += (_, error) => errors.Enqueue(error);
        page.Request += (_, request) => requests.Enqueue(request.Url);
        page.Dialog += (_, dialog) => errors.Enqueue($"dialog: {dialog.Message}");
    }

    public IPage Page { get; }

    public IReadOnlyList<string> Errors => [.. errors];

    /// <summary>The addresses that were asked for: that of the page itself, and no other.</summary>
    public IReadOnlyList<string> Requests => [.. requests];

    public string Address => $"file://{file}";

    /// <summary>Opens a page; skips the test where there is no browser.</summary>
    public static async Task<BrowserPage> OpenAsync(byte[] html, bool isDark = false, int width = 1280, bool hasScript = true)
    {
        Assert.SkipWhen(!File.Exists(Executable), $"NOT TESTED: there is no {Executable}");
        var file = Path.Combine(Path.GetTempPath(), $"osapi-report-{Guid.NewGuid():n}.html");
        await File.WriteAllBytesAsync(file, html, TestContext.Current.CancellationToken);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
        var page = await browser.NewPageAsync(new() { ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light, ViewportSize = new() { Width = width, Height = 900 }, JavaScriptEnabled = hasScript });
        BrowserPage opened = new(playwright, browser, page, file);
        await page.GotoAsync(opened.Address, new() { Timeout = 60_000 });
        return opened;
    }

    /// <summary>Keeps a picture for somebody who looks at it, when OSAPI_TEST_PICTURES names a directory.</summary>
    public async Task KeepAsync(string name, bool isWhole = true)
    {
        if (Environment.GetEnvironmentVariable("OSAPI_TEST_PICTURES") is { Length: > 0 } directory)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(directory, $"{name}.png"), FullPage = isWhole });
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
        File.Delete(file);
    }
}
