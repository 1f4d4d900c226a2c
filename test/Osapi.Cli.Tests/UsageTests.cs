using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using System.Text.Json;
using Osapi.Cli.Operations;
using Osapi.Cli.Tests.Running;
using Osapi.Controller.OpenApi;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Tests;

namespace Osapi.Cli.Tests;

/// <summary>Tests of the commands, their help, and the messages after typing errors.</summary>
public sealed class UsageTests : CliTest
{
    [Fact]
    public async Task The_help_of_every_command_is_as_approved()
    {
        StringBuilder all = new();
        foreach (var path in Paths(CommandLine.Create(OperationCatalog.Default), []))
            all.Append($"$ osapi {string.Join(' ', path.Append("--help"))}\n{await HelpAsync(path)}\n");

        Approved.Match(all.ToString(), "Help.approved.txt");
    }

    [Fact]
    public async Task Every_operation_has_a_command_whose_help_has_its_summary_and_its_members()
    {
        foreach (var operation in OperationCatalog.Default.Where(operation => operation.HasCommand))
        {
            var help = await HelpAsync(CommandName.Of(operation, OperationCatalog.Default));

            Assert.Contains(XmlDocs.Catalog.Of(operation), help, StringComparison.Ordinal);
            foreach (var property in operation.RequestInfo.Properties)
                Assert.Contains(CommandName.IsArgument(operation, property) ? $"<{property.Name}>" : CommandName.Flag(property.Name), help, StringComparison.Ordinal);
            // A member of that name, as in job.list, has no short form.
            Assert.Equal(operation.RunsOn == RunsOn.Host, help.Contains("-T, --target", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("nod hostname", "'osapi' has no command 'nod'; did you mean 'node'?")]
    [InlineData("token", "'osapi token' needs a command: generate, revoke, list")]
    [InlineData("node hostnam", "'osapi node' has no command 'hostnam'; did you mean 'hostname'?")]
    [InlineData("node hostname --targe _all --jsn", "'--targe' is unknown; did you mean '--target'?", "'_all' is unknown", "'--jsn' is unknown; did you mean '--json'?")]
    [InlineData("run", "Required argument missing for command: 'run'.")]
    [InlineData("run a b", "'b' is unknown")]
    [InlineData("node hostname --target", "Required argument missing for option: '--target'.")]
    public void A_mistyped_command_line_is_reported_with_a_suggestion(string line, params string[] problems)
    {
        var parsed = CommandLine.Create(OperationCatalog.Default).Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(problems, UsageErrors.Of(parsed));
    }

    [Theory]
    [InlineData("run deploy.yaml", "run", "deploy.yaml")]
    [InlineData("run ./list", "run", "./list")]
    [InlineData("run -", "run", "-")]
    [InlineData("run list", "list", null)]
    [InlineData("run owed forget --plan deploy", "forget", null)]
    public void A_plan_is_run_unless_its_name_is_that_of_a_command(string line, string command, string? plan)
    {
        var parsed = CommandLine.Create(OperationCatalog.Default).Parse(line.Split(' '));

        Assert.Empty(UsageErrors.Of(parsed));
        Assert.Equal(command, parsed.CommandResult.Command.Name);
        Assert.Equal(plan, command == "run" ? parsed.GetValue<string>("plan") : null);
    }

    [Fact]
    public void An_incomplete_command_line_is_reported_with_the_possible_commands()
    {
        var root = CommandLine.Create(OperationCatalog.Default);

        var error = Assert.Single(UsageErrors.Of(root.Parse([])));

        Assert.Equal($"'osapi' needs a command: {string.Join(", ", root.Subcommands.Select(command => command.Name))}", error);
        Assert.All(OperationCatalog.Default, operation => Assert.Contains($" {operation.Family}", error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_invalid_command_line_exits_with_2_and_refers_to_help()
    {

        var ended = (await fixture.RunAsync("node", "hostname", "--targt")).With(ExitCode.BadInput);

        Assert.Equal(["error: '--targt' is unknown; did you mean '--target'?", "see osapi node hostname --help"], ended.ErrorLines);
        Assert.Empty(ended.Output);
    }

    [Fact]
    public async Task All_invalid_members_are_reported_at_once()
    {

        var list = (await fixture.RunAsync("job", "list", "--limit", "0", "--offset", "x", "--status", "done")).With(ExitCode.BadInput);
        var get = (await fixture.RunAsync("job", "get")).With(ExitCode.BadInput);

        Assert.Equal(
            [
                "error: status must be one of submitted, processing, completed, failed, partial_failure, cancelled",
                "error: limit must be between 1 and 100",
                "error: offset must be a whole number",
            ],
            list.ErrorLines);
        Assert.Equal(["error: id is required"], get.ErrorLines);
    }

    [Fact]
    public async Task An_unknown_option_hides_nothing_else()
    {

        var list = (await fixture.RunAsync("job", "list", "--limit", "0", "--staus", "done", "--offset", "x")).With(ExitCode.BadInput);
        var exec = (await fixture.RunAsync("command", "exec", "--comand", "ls", "--timeout", "x", "--target", "_al", "--start-within", "0")).With(ExitCode.BadInput);
        var token = (await fixture.RunAsync("token", "generate", "--role", "read", "--expires-in", "soon")).With(ExitCode.BadInput);
        var watch = (await fixture.RunAsync("job", "watch", "x", "--jsn", "--after", "y", "--url", "nowhere")).With(ExitCode.BadInput);

        Assert.Equal(
            [
                "error: '--staus' is unknown; did you mean '--status'?", "error: 'done' is unknown",
                "error: limit must be between 1 and 100", "error: offset must be a whole number", "see osapi job list --help",
            ],
            list.ErrorLines);
        Assert.Equal(6 + 1, exec.ErrorLines.Length);
        Assert.Contains("error: --expires-in 'soon' is not a time: expected a time such as 500ms, 90s, 1m30s, 2h or 7d, at most 3650d", token.ErrorLines);
        Assert.Equal(4 + 1, watch.ErrorLines.Length);
    }

    [Fact]
    public async Task An_option_without_its_value_is_the_only_reported_problem()
    {

        Assert.Equal(["error: Required argument missing for option: '--offset'.", "see osapi job list --help"], (await fixture.RunAsync("job", "list", "--limit", "0", "--offset")).With(ExitCode.BadInput).ErrorLines);
    }

    [Fact]
    public async Task A_value_of_a_map_without_a_key_is_reported_in_the_form_of_the_command_line()
    {

        var one = (await fixture.RunAsync("command", "exec", "--command", "env", "--env", "C")).With(ExitCode.BadInput);
        var more = (await fixture.RunAsync("command", "exec", "--command", "env", "--env", "A=1", "--env", "C", "--env", "=x", "--timeout", "0")).With(ExitCode.BadInput);
        var vars = (await fixture.RunAsync("file", "deploy", "--object-name", "a", "--path", "/tmp/a", "--content-type", "template", "--vars", "port")).With(ExitCode.BadInput);
        var json = (await fixture.RunAsync("command", "exec", "--command", "printenv", "--args", "C", "--env", "{\"C\": \"whole map\"}")).With(ExitCode.Ok);

        Assert.Equal(["error: --env 'C' must be key=value"], one.ErrorLines);
        Assert.Equal("error: --env 'C' must be key=value|error: --env '=x' must be key=value", string.Join('|', more.ErrorLines[..2]));
        Assert.Equal(3, more.ErrorLines.Length);
        Assert.Equal(["error: --vars 'port' must be key=value"], vars.ErrorLines);
        Assert.Contains("whole map", json.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_value_is_a_value_however_it_is_written()
    {

        foreach (var arguments in (string[][])[["--args=", "--args= ", "--args", "", "--args:", "--args=-x"], ["--args", "", "--args=\u0020", "--args=", "--args=", "--args", "-x"]])
        {
            var ended = (await fixture.RunAsync(["command", "exec", "--json", "--command", "printf", "--args=[%s]", .. arguments])).With(ExitCode.Ok);

            using var answer = JsonDocument.Parse(ended.Output);
            Assert.Equal("[][ ][][][-x]", answer.RootElement.GetProperty("results")[0].GetProperty("stdout").GetString());
        }

        Assert.Equal(["error: command must not be empty"], (await fixture.RunAsync("command", "exec", "--command=")).With(ExitCode.BadInput).ErrorLines);
        // After two dashes nothing is an option.
        Assert.StartsWith("error: '--args=' is unknown", (await fixture.RunAsync("command", "exec", "--command", "ls", "--", "--args=")).With(ExitCode.BadInput).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_the_same_in_both_ways_to_ask_for_it()
    {

        var command = (await fixture.RunAsync("version")).With(ExitCode.Ok);
        var option = (await fixture.RunAsync("--version")).With(ExitCode.Ok);

        Assert.Matches(@"^osapi [0-9]+\.[0-9]+\.[0-9]+\n$", command.Output);
        Assert.Equal(command.Output, option.Output);
    }

    [Fact]
    public async Task The_catalog_is_listed_for_people_and_for_programs()
    {

        var table = (await fixture.RunAsync("operations")).With(ExitCode.Ok);
        using var json = JsonDocument.Parse((await fixture.RunAsync("operations", "--json")).With(ExitCode.Ok).Output);

        Assert.Equal(OperationCatalog.Default.Select(operation => operation.Id), json.RootElement.EnumerateArray().Select(row => row.GetProperty("id").GetString()));
        foreach (var row in json.RootElement.EnumerateArray())
        {
            Assert.Equal(["id", "family", "runs_on", "idempotency", "permission", "route", "summary"], row.EnumerateObject().Select(member => member.Name));
            Assert.Contains(table.Lines, line => line.TrimStart().StartsWith(row.GetProperty("id").GetString() + " ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_rest_interface_is_described_without_a_server()
    {

        using var document = JsonDocument.Parse((await fixture.RunAsync("openapi")).With(ExitCode.Ok).Output);

        Assert.Equal(OpenApiDocument.Text(OperationCatalog.Default, Osapi.Controller.ProductVersion.Text).TrimEnd(), document.RootElement.GetRawText());
        Assert.False(Directory.Exists(fixture.StateDirectory));
    }

    private static IEnumerable<IReadOnlyList<string>> Paths(Command command, IReadOnlyList<string> path)
    {
        yield return path;
        foreach (var below in command.Subcommands.SelectMany(sub => Paths(sub, [.. path, sub.Name])))
            yield return below;
    }

    private static async Task<string> HelpAsync(IReadOnlyList<string> path)
    {
        var root = CommandLine.Create(OperationCatalog.Default);
        ((Commands.OwnHelp)root.Options.OfType<HelpOption>().Single().Action!).Help.MaxWidth = 140;
        StringWriter output = new();
        Assert.Equal(0, await root.Parse([.. path, "--help"]).InvokeAsync(new() { Output = output }, TestContext.Current.CancellationToken));
        // The parser names the root after the running program, which here is the test executable.
        return string.Join('\n', output.ToString().Replace(RootCommand.ExecutableName, "osapi", StringComparison.Ordinal).TrimEnd().Split('\n').Select(line => line.TrimEnd())) + "\n";
    }
}
