using System.Globalization;
using System.Text.RegularExpressions;
using Osapi.Cli.Manual;
using Osapi.Cli.Operations;
using Osapi.Cli.Settings;
using Osapi.Cli.Tests.Running;
using Osapi.Operations;

namespace Osapi.Cli.Tests;

/// <summary>Tests of the manual pages that <c>osapi man</c> writes.</summary>
public sealed partial class ManualTests : CliTest
{
    private static readonly Dictionary<string, string> Pages =
        ManualPages.Create(CommandLine.Create(OperationCatalog.Default), OperationCatalog.Default).ToDictionary(page => page.Name, page => page.Page.ToString());

    [Fact]
    public void Every_operation_is_in_the_page_of_its_command_with_its_permission()
    {
        foreach (var operation in OperationCatalog.Default.Where(operation => operation.HasCommand))
        {
            var words = CommandName.Of(operation, OperationCatalog.Default);
            var page = Pages[$"osapi-{words[0]}"];

            Assert.Contains($".SS osapi {string.Join(' ', words).Replace("-", "\\-", StringComparison.Ordinal)}\n", page, StringComparison.Ordinal);
            Assert.Contains($"Operation {operation.Id}, ", page, StringComparison.Ordinal);
            Assert.Contains($"permission {operation.Permission};", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_exit_code_is_in_the_first_page_and_every_setting_in_that_of_the_file()
    {
        Assert.All(
            typeof(ExitCode).GetFields().Where(field => field.IsLiteral).Select(field => ((int)field.GetRawConstantValue()!).ToString(CultureInfo.InvariantCulture)),
            code => Assert.Contains($".TP\n.B {code}\n", Pages["osapi"], StringComparison.Ordinal));
        var page = ConfigurationPage.Create(SettingTable.All).ToString();
        Assert.All(SettingTable.All, setting => Assert.Contains($".B {setting.Key}\n", page, StringComparison.Ordinal));
    }

    [Fact]
    public void No_text_is_a_request_or_an_escape_of_roff() =>
        Assert.All(Pages.Values.SelectMany(page => page.Split('\n')), line => Assert.Matches(Valid(), line));

    [Fact]
    public async Task The_pages_are_written_and_man_shows_them_without_a_warning()
    {
        var directory = Path.Combine(fixture.Directory, "man");
        (await fixture.RunAsync("man", directory)).With(ExitCode.Ok);

        var files = Directory.GetFiles(directory, "*", SearchOption.AllDirectories);
        Assert.Equal(Pages.Keys.Select(name => $"{name}.1").Append("osapi.yaml.5").Order(StringComparer.Ordinal), files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        if (!File.Exists("/usr/bin/groff"))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "in CI nothing may be left out: there is no groff");
            Assert.Skip("NOT TESTED: there is no groff");
        }

        foreach (var file in files)
        {
            var shown = (await fixture.RunProgramAsync("groff", "-man", "-Tutf8", "-ww", "-P-cbou", file)).With(0);
            Assert.Empty(shown.Error);
            Assert.Contains("NAME", shown.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_is_reported() =>
        Assert.Contains("the manual pages cannot be written", (await fixture.RunAsync("man", "/dev/null/man")).With(ExitCode.Failed).Error, StringComparison.Ordinal);

    // Our requests at the beginning, and our escapes only.
    [GeneratedRegex(@"\A(\.(TH|SH|SS|PP|TP|B|nh|ad)( |\z)|[^.'])?([^\\]|\\[-&e:]|\\\(dq)*\z")]
    private static partial Regex Valid();
}
