using Osapi.Cli.RunReports.Html;
using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Browser.Tests;

/// <summary>Tests of the page of a run's report in a real browser.</summary>
public sealed class HtmlReportTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_run_of_two_hundred_tasks_on_fifty_hosts_is_one_page_below_five_megabytes()
    {
        var html = HtmlReport.Of(SampleReports.Large(tasks: 200, hosts: 50, outputLength: 2000));
        output.WriteLine($"{html.Length} bytes");
        Assert.InRange(html.Length, 1, 5_000_000);

        var begun = TimeProvider.System.GetTimestamp();
        await using var page = await BrowserPage.OpenAsync(html);
        output.WriteLine($"opened after {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s");
        await page.KeepAsync("large", isWhole: false);

        Assert.Equal(200, await page.Page.Locator(".task").CountAsync());
        Assert.Equal(200, await page.Page.Locator(".timeline tbody tr").CountAsync());
        Assert.InRange(await page.Page.Locator(".timeline rect").CountAsync(), 9_000, 10_000);
        Assert.Equal(200, await page.Page.Locator(".graph g").CountAsync());
        Assert.Equal(190, await page.Page.Locator(".graph line").CountAsync());
        await page.Page.Locator("#timeline").ScrollIntoViewIfNeededAsync();
        await page.KeepAsync("large-timeline", isWhole: false);
        await page.Page.Locator("#graph").ScrollIntoViewIfNeededAsync();
        await page.KeepAsync("large-graph", isWhole: false);
        Assert.Empty(page.Errors);
        Assert.Equal([page.Address], page.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hostile_texts_stay_text(bool isPast)
    {
        await using var page = await BrowserPage.OpenAsync(HtmlReport.Of(isPast ? SamplePastRun.OfHostile() : SampleReports.OfHostile()));
        await page.Page.EvaluateAsync("document.querySelectorAll('details').forEach(one => one.open = true)");

        Assert.Empty(page.Errors);
        Assert.Equal([page.Address], page.Requests);
        Assert.Equal(1, await page.Page.Locator("script").CountAsync());
        Assert.Empty(await page.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('img, iframe, object, link, [onload], [onerror], [style]')].map(one => one.outerHTML)"));
        var text = await page.Page.Locator("body").InnerTextAsync();
        Assert.Contains("<script>alert(1)</script><img src=http://evil.example/x onerror=alert(2)>\\u202egpj.exe\\u0000\\u001b[31m\ufffd &amp; \"'>", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, letter => letter is '\u202e' or '\u001b' or '\0');
        await page.KeepAsync(isPast ? "hostile-past" : "hostile");
    }

    [Fact]
    public async Task A_past_run_that_was_interrupted_has_its_graph_and_its_timeline()
    {
        var (copy, migrate) = (JobId.New(), JobId.New());
        SamplePastRun past = new(RunStatus.Interrupted, SamplePastRun.Task("copy"), SamplePastRun.Task("migrate", "copy"), SamplePastRun.Task("restart", "migrate"));
        past.At(1, SamplePastRun.Call("copy", copy, "web-01", "web-02"));
        past.At(4, SamplePastRun.Ended("copy", "web-01", "changed", 1, 3, copy), SamplePastRun.Ended("copy", "web-02", "changed", 1, 4, copy), SamplePastRun.Call("migrate", migrate, "web-01"));
        past.Keep(copy, "copied", "web-01", "web-02");
        past.Answers.AddRemoved();

        await using var page = await BrowserPage.OpenAsync(HtmlReport.Of(past.Report()));
        await page.KeepAsync("past");

        Assert.Equal(2, await page.Page.Locator(".graph line").CountAsync());
        Assert.Equal(3, await page.Page.Locator(".timeline rect").CountAsync());
        Assert.Equal(["changed", "unknown", "not_run"], await page.Page.Locator(".task > summary .badge").AllInnerTextsAsync());
        var text = await page.Page.Locator("header").InnerTextAsync();
        Assert.Contains("interrupted", text, StringComparison.Ordinal);
        Assert.Contains("1 of 2 jobs are no longer kept", text, StringComparison.Ordinal);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_filter_shows_what_has_the_status_the_host_and_the_text()
    {
        await using var page = await BrowserPage.OpenAsync(HtmlReport.Of(SampleReports.Small()));
        await page.Page.Locator("select[name=status]").SelectOptionAsync("failed");
        Assert.Equal(["migrate"], await Shown(page));
        Assert.Equal("1 of 4 tasks", await page.Page.Locator("output").InnerTextAsync());

        await page.Page.Locator("select[name=host]").SelectOptionAsync("web-01");
        Assert.Empty(await Shown(page));
        await page.Page.Locator("select[name=status]").SelectOptionAsync("");
        Assert.Equal(["directories", "configure", "migrate", "restart"], await Shown(page));
        await page.Page.Locator("select[name=host]").SelectOptionAsync("");
        await page.Page.Locator("input[name=text]").FillAsync("DONE on DB-01");
        Assert.Equal(["configure"], await Shown(page));
        await page.Page.Locator("input[name=text]").FillAsync("process 4711");
        Assert.Equal(["migrate"], await Shown(page));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_link_of_the_graph_opens_its_task()
    {
        await using var page = await BrowserPage.OpenAsync(HtmlReport.Of(SampleReports.Small()));
        await page.Page.Locator(".graph a[href='#t2']").ClickAsync();

        Assert.True(await page.Page.Locator("#t2").EvaluateAsync<bool>("task => task.open"));
        Assert.Contains("DETAIL: process 4711", await page.Page.Locator("#failures").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("small-light", false, 1280)]
    [InlineData("small-dark", true, 1280)]
    [InlineData("small-phone", false, 390)]
    public async Task No_screen_is_too_narrow_and_texts_have_contrast(string name, bool isDark, int width)
    {
        await using var page = await BrowserPage.OpenAsync(HtmlReport.Of(SampleReports.Small()), isDark, width);
        await page.Page.EvaluateAsync("document.getElementById('t2').open = true");
        await page.KeepAsync(name);

        Assert.True(await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
        var low = await page.Page.EvaluateAsync<string[]>(Contrast);
        Assert.Empty(low);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Everything_is_there_without_the_script()
    {
        await using var page = await BrowserPage.OpenAsync(HtmlReport.Of(SampleReports.Small()), hasScript: false);

        Assert.False(await page.Page.Locator("#filter").IsVisibleAsync());
        Assert.Equal(4, await page.Page.Locator(".task > summary:visible").CountAsync());
        await page.Page.Locator("#t2 > summary").ClickAsync();
        Assert.True(await page.Page.Locator("#t2 .answer").First.IsVisibleAsync());
    }

    // The texts whose contrast to the background behind them is less than 4.5 (WCAG 2.2, 1.4.3).
    private const string Contrast = """
        () => {
          const parse = text => (text.match(/[\d.]+/g) || []).map(Number);
          const light = ([r, g, b]) => [r, g, b].map(value => value / 255).map(value => value <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4).reduce((sum, value, index) => sum + value * [.2126, .7152, .0722][index], 0);
          const behind = element => { for (let one = element; one; one = one.parentElement) { const colour = parse(getComputedStyle(one).backgroundColor); if (colour.length === 3 || colour[3] > 0) return colour; } return [255, 255, 255]; };
          return [...document.querySelectorAll('body *')].filter(one => !one.closest('svg, script') && [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())).map(one => {
            const [text, back] = [light(parse(getComputedStyle(one).color)), light(behind(one))];
            const ratio = (Math.max(text, back) + .05) / (Math.min(text, back) + .05);
            return ratio < 4.5 ? `${one.tagName} ${one.className} "${one.textContent.trim().slice(0, 30)}": ${ratio.toFixed(2)}` : null;
          }).filter(Boolean);
        }
        """;

    private static async Task<IReadOnlyList<string>> Shown(BrowserPage page) => await page.Page.Locator(".task:visible h3").AllInnerTextsAsync();
}
