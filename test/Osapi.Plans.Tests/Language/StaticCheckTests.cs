namespace Osapi.Plans.Tests.Language;

/// <summary>Tests of what is checked before anything runs: names, types, dependencies, secrets.</summary>
public sealed class StaticCheckTests
{
    private const string Probe = "- {name: probe, op: command.exec.execute, target: _all, with: {command: ls}}\n";

    [Theory]
    [InlineData("results.prob.changed", "6:60: there is no task 'prob'; did you mean 'probe'? (known: other, probe, x)")]
    [InlineData("results.probe.stdot == ''", "6:66: the result of 'probe' has no member 'stdot'; did you mean 'stdout'?")]
    [InlineData("results.probe.exit_code == '0'", "6:")]
    [InlineData("facts.os_info.distributon == 'debian'", "6:")]
    [InlineData("facts.os_hostname == 'x'", "6:58: the controller has no record of 'os_hostname'; the host itself reads @fact.os_hostname")]
    [InlineData("vars.enabled", "6:57: there is no 'enabled' in vars")]
    [InlineData("host", "6:52: a condition is true or false, and this is a text")]
    [InlineData("result.changed", "6:52: 'result' is the task's own result, in 'changed_when' and 'failed_when'; an earlier one is results.NAME")]
    [InlineData("secrets.x == ''", "6:52: secrets are read in secret members of 'with' only")]
    [InlineData("\"${{ true }}\"", "6:52: a condition is an expression by itself: write it without ${{ }}")]
    [InlineData("results.other.changed", "6:60: 'x' does not depend on 'other': add it to 'depends_on'")]
    [InlineData("host_of('probe') == host", "6:")]
    public void A_wrong_condition_is_told_with_its_place(string condition, string problem)
    {
        LanguageText text = new($"{Probe}- {{name: other, op: health.liveness.get}}\n- {{name: x, op: node.load.get, target: _all, when: {condition}, depends_on: probe}}\n");

        Assert.StartsWith($"plan.yaml:{problem}", Assert.Single(text.Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_without_hosts_says_of_which_host_it_reads()
    {
        LanguageText text = new($"{Probe}- {{name: a, op: health.liveness.get, depends_on: probe, when: results.probe.stdout == ''}}\n- {{name: b, op: node.load.get, target: _any, depends_on: probe, when: results.probe.changed && host == ''}}\n- {{name: c, op: health.liveness.get, depends_on: probe, when: \"results.probe.changed && results.probe.ok_count > 1 && results.probe.hosts['web-01'].stdout != ''\"}}\n");

        Assert.Equal(
            [
                "plan.yaml:5:77: 'probe' may run on several hosts, and this task has none of its own; say of which: results.probe.hosts['HOST'].stdout",
                "plan.yaml:6:96: the host of a task on _any is not known before it runs",
            ],
            text.Problems());
    }

    [Theory]
    [InlineData("{path: \"${{ results.probe.stdout }}\", object_name: a, content_type: raw}")]
    [InlineData("{path: \"/${{ results.probe.exit_code }}\", object_name: a, content_type: raw, vars: {n: \"${{ results.probe.exit_code }}\"}}")]
    public void A_request_that_reads_results_is_bound_as_far_as_it_is_known(string with)
    {
        LanguageText text = new($"{Probe}- {{name: x, op: file.deploy.execute, target: _all, depends_on: probe, with: {with}}}\n");

        Assert.NotNull(text.Read().Tasks[1].Template);
    }

    [Theory]
    [InlineData("{path: \"${{ results.probe.stdout }}\", object_name: a}", "content_type is required")]
    [InlineData("{path: /a, object_name: a, content_type: raw, mod: \"${{ results.probe.stdout }}\"}", "mod is unknown")]
    [InlineData("{path: /a, object_name: a, content_type: raw, create_parents: \"${{ results.probe.stdout }}\"}", "create_parents takes a bool, and this is a text")]
    [InlineData("{path: \"${{ results.probe.stdout }}\", object_name: a, content_type: rw}", "content_type")]
    [InlineData("{path: \"${{ results.probe }}\", object_name: a, content_type: raw}", "path takes a text, and this is the result of 'probe'")]
    public void The_rest_of_such_a_request_is_checked(string with, string problem)
    {
        LanguageText text = new($"{Probe}- {{name: x, op: file.deploy.execute, target: _all, depends_on: probe, with: {with}}}\n");

        Assert.Contains(problem, Assert.Single(text.Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_go_into_secret_members_only()
    {
        const string Secrets = "secrets:\n  a: {env: A}\n  b: {prompt: \"B?\"}\n";
        LanguageText right = new("- {name: x, op: command.exec.execute, target: _all, with: {command: ls, env: {A: \"x-${{ secrets.a }}\"}}}\n", Secrets);
        LanguageText wrong = new("- {name: x, op: command.exec.execute, target: _all, with: {command: ls, args: [\"${{ secrets.a }}\"], env: {B: \"${{ secrets.c }}\"}}}\n- {name: y, op: node.load.get, target: \"${{ secrets.a }}\"}\n", Secrets);

        Assert.Equal(["a"], right.Read().UsedSecrets.Select(secret => secret.Name));
        Assert.Equal(
            [
                "plan.yaml:7:80: secrets.a may not go into 'args', which is shown and kept: the secret members of command.exec.execute are env, stdin",
                "plan.yaml:7:123: there is no secret 'c' (known: a, b)",
                "plan.yaml:8:45: secrets are read in secret members of 'with' only, not in 'target'",
            ],
            wrong.Problems());
    }

    [Fact]
    public void A_declaration_of_a_secret_never_shows_what_is_written_there()
    {
        LanguageText text = new("- {name: x, op: health.liveness.get}\n", "secrets: {a: hunter2, b: {value: hunter2}, c: {env: X, file: y}, d: {command: []}}\n");

        var problems = text.Problems();

        Assert.Equal(3, problems.Length);
        Assert.All(problems, problem => Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_value_is_one_word_of_a_shell_line()
    {
        LanguageText text = new("- {name: x, op: command.shell.execute, target: _all, with: {command: \"echo ${{ vars.x }} ${{ vars.y }}\"}}\n", "vars: {x: \"a; rm -rf /\", y: \"it's @fact.hostname\"}\n");

        var command = ((Operations.Command.ShellCommand)text.Read().Tasks[0].Request!).Command;

        Assert.Equal("echo 'a; rm -rf /' 'it'\\''s @fact..hostname'", command);
    }

    [Fact]
    public void Keys_of_loops_are_checked()
    {
        LanguageText text = new("- {name: get, op: command.exec.execute, target: _all, for_each: [a, b], with: {command: ls}}\n- {name: x, op: node.load.get, target: _all, depends_on: get, when: \"results.get['a'].changed || results.get['c'].changed\"}\n");

        Assert.Contains("has no member 'c'", Assert.Single(text.Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_plan_asks_all_its_questions()
    {
        LanguageText text = new("- {name: a, op: health.liveness.get, confirm: \"Really ${{ vars.env }}?\"}\n- {name: b, op: health.liveness.get, confirm: \"Really ${{ vars.env }}?\"}\n", "vars: {env: prod}\nconfirm: Restart?\n");

        Assert.Equal(["Restart?", "Really prod?"], text.Read().Questions);
    }

    [Theory]
    [InlineData("start_within: 500ms", "'start_within' must be a time from 1s to 1h")]
    [InlineData("start_within: 2h", "'start_within' must be a time from 1s to 1h")]
    [InlineData("tags: {a: b}", "'tags' must be a list of texts")]
    [InlineData("changed_when: [a]", "'changed_when' must be a condition, such as result.exit_code > 1")]
    [InlineData("failed_when: result.exit_cod > 1", "there is no 'exit_cod' in result; did you mean 'exit_code'?")]
    [InlineData("whn: true", "'whn' is unknown; did you mean 'when'?")]
    public void Wrong_keys_are_told(string key, string problem)
    {
        LanguageText text = new($"- {{name: a, op: command.exec.execute, target: _any, with: {{command: ls}}, {key}}}\n");

        Assert.Contains(problem, Assert.Single(text.Problems()), StringComparison.Ordinal);
    }
}
