using System.Text.Json;
using Osapi.Cli.Rendering.Lists;
using Osapi.Cli.Tests.Running;
using Osapi.Operations;

namespace Osapi.Cli.Tests;

/// <summary>Tests of lists in all forms, of uploads with arguments, and of ages instead of times.</summary>
public sealed class ListTests : CliTest
{
    [Fact]
    public void The_lists_of_the_catalog_are_found_by_their_contracts() =>
        Assert.Equal(["agent.enroll.list", "agent.list", "audit.list", "file.list", "job.list", "run.list", "token.list"], OperationCatalog.Default.Where(operation => ListView.ItemsOf(operation) is not null).Select(operation => operation.Id).Order(StringComparer.Ordinal));

    [Fact]
    public async Task A_list_has_the_form_that_was_asked_for_and_a_file_is_uploaded_by_its_path()
    {
        var system = await fixture.StartSystemAsync("--hostname", "web-01");
        fixture.Environment["OSAPI_URL"] = system.Url;
        fixture.Environment["OSAPI_TOKEN"] = await fixture.TokenAsync("admin");
        var path = fixture.File("app.conf", "port = 8080\n");

        (await fixture.RunAsync("file", "upload", path)).With(ExitCode.Ok);
        (await fixture.RunAsync("file", "upload", path, "other name.conf", "--content-type", "raw")).With(ExitCode.Ok);
        var twice = (await fixture.RunAsync("file", "upload", path, "--path", path)).With(ExitCode.BadInput);
        var table = (await fixture.RunAsync("file", "list")).With(ExitCode.Ok);
        var wide = (await fixture.RunAsync("file", "list", "-o", "wide")).With(ExitCode.Ok);
        var names = (await fixture.RunAsync("file", "list", "-o", "name")).With(ExitCode.Ok);
        var yaml = (await fixture.RunAsync("file", "list", "--output", "yaml")).With(ExitCode.Ok);
        var json = (await fixture.RunAsync("file", "list", "--output", "json")).With(ExitCode.Ok);
        var wrong = (await fixture.RunAsync("file", "list", "--output", "yml")).With(ExitCode.BadInput);

        Assert.Contains("error: path is given twice: as an argument and with --path", twice.ErrorLines);
        // The checksum of 64 characters does not fit beside the name.
        Assert.Equal(["name", "size", "content_type"], Cells(table.Lines[0]));
        Assert.Equal(["app.conf", "12 B", "raw"], Cells(table.Lines[1]));
        Assert.Equal("2 files", table.Lines[^1]);
        Assert.Equal(["name", "sha256", "size", "content_type"], Cells(wide.Lines[0]));
        Assert.Equal(["app.conf", "other name.conf"], names.Lines);
        Assert.StartsWith("files:\n- name: app.conf\n  sha256: \"37107a4e", yaml.Output, StringComparison.Ordinal);
        Assert.Contains("- name: \"other name.conf\"\n", yaml.Output, StringComparison.Ordinal);
        Assert.EndsWith("total: 2\n", yaml.Output, StringComparison.Ordinal);
        Assert.Equal(2, JsonElement.Parse(json.Output).GetProperty("total").GetInt32());
        Assert.Equal(["error: --output 'yml' must be one of table, wide, json, yaml, name; did you mean 'yaml'?"], wrong.ErrorLines);

        // By the age of a job.
        (await fixture.RunAsync("node", "load")).With(ExitCode.Ok);
        var jobs = (await fixture.RunAsync("job", "list", "--since", "1h")).With(ExitCode.Ok);
        Assert.Equal("1 of 1 job", jobs.Lines[^1]);
        Assert.All(jobs.Lines, line => Assert.InRange(line.Length, 1, 80));
        Assert.Equal("no jobs", (await fixture.RunAsync("job", "list", "--until", "1h")).With(ExitCode.Ok).Lines[^1]);
        var audit = (await fixture.RunAsync("audit", "list", "--operation", "file.upload", "--kind", "end")).With(ExitCode.Ok);
        Assert.Equal(["ID", "OUTCOME", "OPERATION", "AGE", "CALLER"], Cells(audit.Lines[0])[..5]);
        Assert.Equal(["ok", "file.upload"], Cells(audit.Lines[1])[1..3]);
        Assert.Matches("^2 of [0-9]+ entries$", audit.Lines[^1]);
        Assert.All(audit.Lines, line => Assert.InRange(line.Length, 1, 80));
        Assert.Contains("since must be a time such as 2026-01-31T12:00:00Z", Assert.Single((await fixture.RunAsync("job", "list", "--since", "soon")).With(ExitCode.BadInput).ErrorLines), StringComparison.Ordinal);
    }

    private static string[] Cells(string line) => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
