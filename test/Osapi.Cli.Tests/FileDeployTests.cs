using System.Text.Json;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>
/// Tests of the deployment of a file: store a template, deploy it to all hosts, verify it there. As a plan file and as
/// a program.
/// </summary>
public sealed class FileDeployTests : CliTest
{
    private static readonly string Examples = Path.Combine(Programs.Repository, "examples");

    [Fact]
    public async Task The_plan_file_says_what_it_would_do_does_it_and_then_has_nothing_to_do()
    {
        await fixture.StartSystemAsync("--hostname", "web-01");
        // The unchanged example, except for its target path.
        fixture.File("file-deploy.conf.tmpl", Example("file-deploy.conf.tmpl"));
        var plan = fixture.File("file-deploy.yaml", Example("file-deploy.yaml").Replace("/tmp/osapi-example", Path.Combine(fixture.Directory, "srv"), StringComparison.Ordinal));
        var deployed = Path.Combine(fixture.Directory, "srv", "app.conf");

        // Nothing is stored yet: the host compares what would be stored.
        var foreseen = (await fixture.RunAsync("run", plan, "--check", "--exit-code")).With(ExitCode.WouldChange);
        Assert.Contains("    +++ app.conf.tmpl", foreseen.Lines);
        Assert.Contains($"      +++ {deployed}", foreseen.Lines);
        Assert.Contains("      +port = 8080", foreseen.Lines);
        Assert.Contains("exit code 5: something would change", foreseen.Lines);
        Assert.Equal("3 tasks, 2 changed, 1 unchanged; a check, nothing was changed", foreseen.Lines[^1]);
        Assert.False(File.Exists(deployed));
        Assert.Contains("0 files", (await fixture.RunAsync("file", "list")).With(ExitCode.Ok).Lines);

        var first = await ReportAsync(ExitCode.Ok, "run", plan, "--json");
        Assert.Equal(["upload-template changed", "deploy-config changed", "verify-status unchanged"], Statuses(first));
        Assert.Equal("in-sync", StatusOf(first));
        Assert.StartsWith("# Rendered for web-01, ", File.ReadAllText(deployed), StringComparison.Ordinal);
        Assert.Contains("port = 8080\n", File.ReadAllText(deployed), StringComparison.Ordinal);
        var written = File.GetLastWriteTimeUtc(deployed);

        var second = await ReportAsync(ExitCode.Ok, "run", plan, "--json");
        Assert.Equal(["upload-template unchanged", "deploy-config unchanged", "verify-status unchanged"], Statuses(second));
        Assert.Equal(written, File.GetLastWriteTimeUtc(deployed));
        (await fixture.RunAsync("run", plan, "--check", "--exit-code")).With(ExitCode.Ok);
        Assert.Contains("--exit-code needs --check", (await fixture.RunAsync("run", plan, "--exit-code")).With(ExitCode.BadInput).Error, StringComparison.Ordinal);

        File.AppendAllText(deployed, "# by hand\n");
        var check = (await fixture.RunAsync("run", plan, "--check")).With(ExitCode.Ok);
        Assert.Contains(check.Lines, line => line.StartsWith("  unchanged  upload-template", StringComparison.Ordinal));
        Assert.Contains("-# by hand", check.Output, StringComparison.Ordinal);
        Assert.Contains("# by hand", File.ReadAllText(deployed), StringComparison.Ordinal);
        Assert.Equal("in-sync", StatusOf(await ReportAsync(ExitCode.Ok, "run", plan, "--json")));
        Assert.DoesNotContain("# by hand", File.ReadAllText(deployed), StringComparison.Ordinal);

        // The stored template is about to change: the hosts compare the new one.
        fixture.File("file-deploy.conf.tmpl", Example("file-deploy.conf.tmpl") + "# more\n");
        var replaced = (await fixture.RunAsync("run", plan, "--check")).With(ExitCode.Ok);
        Assert.Contains("    +# more", replaced.Lines);
        Assert.Contains("      +# more", replaced.Lines);
        Assert.Equal("3 tasks, 2 changed, 1 unchanged; a check, nothing was changed", replaced.Lines[^1]);
    }

    [Fact]
    public async Task Single_commands_say_what_the_controller_would_change_and_change_nothing()
    {
        await fixture.StartSystemAsync("--hostname", "web-01");
        var content = fixture.File("a.conf", "one\n");
        var upload = (string[])["file", "upload", "--name", "a.conf", "--path", content];

        Assert.Equal(["would change", "  --- /dev/null", "  +++ a.conf", "  @@ -0,0 +1 @@", "  +one"], (await fixture.RunAsync([.. upload, "--check"])).With(ExitCode.Ok).Lines.Take(5));
        Assert.Equal("error: file not found: a.conf", (await fixture.RunAsync("file", "delete", "a.conf", "--check")).With(ExitCode.Failed).Error.TrimEnd());
        (await fixture.RunAsync(upload)).With(ExitCode.Ok);
        Assert.Equal(["would not change"], (await fixture.RunAsync([.. upload, "--check"])).With(ExitCode.Ok).Lines);
        Assert.True(JsonElement.Parse((await fixture.RunAsync("file", "delete", "a.conf", "--check", "--json")).With(ExitCode.Ok).Output).GetProperty("check").GetProperty("changed").GetBoolean());
        Assert.Equal(["would change", "before", "  state  Ready", "after", "  state  Draining"], (await fixture.RunAsync("agent", "drain", "web-01", "--check")).With(ExitCode.Ok).Lines);
        Assert.Equal(["would not change"], (await fixture.RunAsync("agent", "undrain", "web-01", "--check")).With(ExitCode.Ok).Lines);
        (await fixture.RunAsync("file", "delete", "a.conf")).With(ExitCode.Ok);
    }

    [Fact]
    public async Task The_variables_of_a_template_print_as_they_were_written_in_a_plan_on_the_command_line_and_over_rest()
    {
        await fixture.StartSystemAsync();
        var target = Path.Combine(fixture.Directory, "out");
        fixture.File("template", "{{ vars.version }} {{ vars.mode }} {{ vars.port }} {% if vars.debug %}debug{% endif %}");
        var plan = fixture.File("plan.yaml", $$"""
            name: vars
            tasks:
              - {name: store, op: file.upload, with: {name: t, path: template, content_type: template} }
              - {name: deploy, op: file.deploy.execute, target: _any, depends_on: store, with: {object_name: t, path: {{target}}, content_type: template, vars: {version: 1.10, mode: 0644, port: 8080, debug: False} } }
            """);

        (await fixture.RunAsync("run", plan)).With(ExitCode.Ok);
        Assert.Equal("1.10 0644 8080 ", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));

        (await fixture.RunAsync("file", "deploy", "--object-name", "t", "--path", target, "--content-type", "template", "--vars", "version=2.10", "--vars", "mode=0600", "--vars", "port=81", "--vars", "debug=true")).With(ExitCode.Ok);
        Assert.Equal("2.10 0600 81 debug", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));

        // As over REST: a number keeps its digits, and is still a number.
        (await fixture.RunAsync("file", "deploy", "--object-name", "t", "--path", target, "--content-type", "template", "--vars", "{\"version\":3.10,\"mode\":1.0,\"port\":82,\"debug\":false}")).With(ExitCode.Ok);
        Assert.Equal("3.10 1.0 82 ", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_failed_host_is_named_and_its_answer_is_the_requested_json()
    {
        await fixture.StartSystemAsync("--hostname", "web-01");

        var words = (await fixture.RunAsync("command", "exec", "--command", "no-such-program")).With(ExitCode.Failed);
        var json = (await fixture.RunAsync("command", "exec", "--command", "no-such-program", "--json")).With(ExitCode.Failed);

        Assert.StartsWith("error: web-01: command not found: no-such-program", words.Error, StringComparison.Ordinal);
        Assert.Equal("", words.Output);
        var answer = JsonElement.Parse(json.Output);
        Assert.Equal("web-01", answer.GetProperty("results")[0].GetProperty("hostname").GetString());
        Assert.Contains($"job {answer.GetProperty("job_id").GetString()}", json.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_does_the_same_and_leaves_nothing_behind()
    {
        fixture.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(fixture.Directory, "tmp")).FullName;

        var ended = (await fixture.RunProgramAsync(Programs.FileDeploy)).With(0);

        Assert.Contains(ended.Lines, line => line.EndsWith(": in-sync", StringComparison.Ordinal));
        Assert.Contains("address = 0.0.0.0", ended.Lines);
        Assert.Equal("3 tasks, 3 unchanged", ended.Lines[^1]);
        Assert.Empty(Directory.EnumerateFileSystemEntries(fixture.Environment["TMPDIR"]));
    }

    private static string Example(string name) => File.ReadAllText(Path.Combine(Examples, name));

    private async Task<JsonElement> ReportAsync(int code, params string[] arguments) => (await fixture.RunAsync(arguments)).With(code).Report;

    private static IEnumerable<string> Statuses(JsonElement report) =>
        report.GetProperty("tasks").EnumerateArray().Select(task => $"{task.GetProperty("name").GetString()} {task.GetProperty("status").GetString()}");

    private static string? StatusOf(JsonElement report) => report.GetProperty("tasks").EnumerateArray().Single(task => task.GetProperty("name").GetString() == "verify-status")
        .GetProperty("hosts").EnumerateArray().Single().GetProperty("data").GetProperty("status").GetString();
}
