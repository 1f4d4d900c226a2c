using Osapi.Operations.Command;

namespace Osapi.Plans.Tests.Language;

/// <summary>Tests of the variables of a plan file.</summary>
public sealed class VariableTests
{
    private const string Exec = "- {name: a, op: command.exec.execute, target: _any, with: {command: ls, timeout: \"${{ vars.seconds }}\", args: [\"p-${{ vars.port }}\", \"${{ vars.port }}\", \"$${{ x }}\"], cwd: \"${{ vars.dir }}\"}}";
    private const string Header = "vars:\n  seconds: 5\n  port: 8080\n  dir: {type: text, required: true, enum: [/a, /b], description: where to}\n";

    [Fact]
    public void Values_go_into_requests_with_their_types_and_into_texts()
    {
        LanguageText text = new(Exec, Header) { Set = { ("dir", "/a"), ("port", "99") } };

        var request = (ExecCommand)Assert.Single(text.Read().Tasks).Request!;

        Assert.Equal(5, request.Timeout);
        Assert.Equal(["p-99", "99", "${{ x }}"], request.Args);
        Assert.Equal("/a", request.Cwd);
    }

    [Fact]
    public void The_command_line_wins_over_files_and_files_over_defaults()
    {
        LanguageText text = new(Exec, Header) { Set = { ("dir", "/b") }, VariableFiles = { ("a.yaml", "port: 1\nseconds: 7\ndir: /a\n"), ("b.yaml", "port: 2\n") } };

        var request = (ExecCommand)Assert.Single(text.Read().Tasks).Request!;

        Assert.Equal((7, "/b", "p-2"), (request.Timeout, request.Cwd, request.Args[0]));
    }

    [Fact]
    public void All_mistakes_of_values_are_told_at_once()
    {
        LanguageText text = new("- {name: a, op: health.liveness.get}", "vars:\n  port: 8080\n  env: {type: text, required: true, enum: [prod, stage], description: where to}\n  site: {required: true}\n  bad: {type: txt}\n  two: {default: 1, required: true}\n  enum: {type: int, enum: [a]}\n  none:\n")
        {
            Set = { ("prt", "1"), ("port", "http"), ("env", "prd") },
            VariableFiles = { ("vars.yaml", "port: [1]\nunknown: 2\n") },
        };

        Assert.Equal(
            [
                "plan.yaml:4:3: --set prt: there is no variable 'prt'; did you mean 'port'? (known: port, env, site, bad, two, enum, none)",
                "plan.yaml:4:3: --set port: 'port' must be a whole number, not 'http'",
                "plan.yaml:5:3: --set env: 'env' must be one of prod, stage; did you mean 'prod'?",
                "plan.yaml:6:3: a required variable has no value: site; give it with --set NAME=VALUE or --vars-file FILE",
                "plan.yaml:7:15: there is no type 'txt'; did you mean 'text'? (known: text, int, number, bool, list, map)",
                "plan.yaml:8:31: 'two' is required and has a default: one of the two must go",
                "plan.yaml:9:27: the values of 'enum' must be of the type int",
                "plan.yaml:10:8: 'none' has no default: give one, or {required: true}",
                "vars.yaml:1:1: 'port' must be a whole number",
                "vars.yaml:2:1: there is no variable 'unknown' (known: port, env, site, bad, two, enum, none)",
            ],
            text.Problems());
    }

    [Fact]
    public void The_environment_is_read_where_it_is_asked_for()
    {
        LanguageText text = new("- {name: a, op: command.exec.execute, target: \"${{ env.WHERE }}\", with: {command: ls}, timeout: \"${{ vars.time }}\"}", "vars: {time: \"${{ env.TIME }}\"}\n") { Environment = { ["WHERE"] = "group:web", ["TIME"] = "1m30s" } };

        var task = Assert.Single(text.Read().Tasks);

        Assert.Equal(("group:web", TimeSpan.FromSeconds(90)), (task.Target!.Text, task.Modifiers.Timeout));
        text.Environment.Remove("WHERE");
        Assert.Contains("WHERE", Assert.Single(text.Problems()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{x: \"${{ vars.prt }}\"}", "there is no 'prt' in vars; did you mean 'port'?")]
    [InlineData("{x: \"${{ results.a.changed }}\"}", "'results' is known only during the run")]
    [InlineData("{x: \"${{ secrets.a }}\"}", "secrets are read in secret members of 'with' only")]
    [InlineData("{x: \"${{ each.key }}\"}", "'each' is the item of a loop")]
    public void Elsewhere_only_what_is_known_before_the_run_is_read(string target, string problem)
    {
        LanguageText text = new($"- {{name: a, op: node.load.get, target: {target.Replace("{x: ", "", StringComparison.Ordinal).TrimEnd('}')}}}\"}}".Replace("}}\"}\"}", "}}\"}", StringComparison.Ordinal), "vars: {port: 1}\n");

        Assert.Contains(problem, string.Join("\n", text.Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_version_has_no_expressions()
    {
        var plan = PlanText.Read("name: p\ntasks: [{name: a, op: command.shell.execute, target: _any, with: {command: \"echo ${{ vars.x }}\"}}]\n");

        Assert.Equal((0, "echo ${{ vars.x }}"), (plan.Version, ((ShellCommand)plan.Tasks[0].Request!).Command));
        Assert.Equal(
            ["2:1: 'vars' needs 'version: 1' at the beginning of the file", "3:44: 'for_each' needs 'version: 1' at the beginning of the file"],
            PlanText.Problems("name: p\nvars: {a: 1}\ntasks: [{name: a, op: health.liveness.get, for_each: [a]}]\n"));
        Assert.Equal(["1:10: 'version' must be 1; a file without it has no expressions"], PlanText.Problems("version: 2\nname: p\ntasks: [{name: a, op: health.liveness.get}]\n"));
    }
}
