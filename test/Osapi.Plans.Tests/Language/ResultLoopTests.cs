using Osapi.Orchestrator;

namespace Osapi.Plans.Tests.Language;

/// <summary>Tests of loops over results, whose items become known during the run.</summary>
public sealed class ResultLoopTests
{
    private const string Probe = "- {name: probe, op: command.exec.execute, target: _all, with: {command: probe}}\n";
    private const string Loop = Probe + "- name: each\n  op: command.exec.execute\n  target: _all\n  depends_on: probe\n  for_each: ${{ results.probe.stdout.split(' ') }}\n  with: {command: use, args: [\"${{ each.key }}\", \"${{ each.value }}\"]}\n";

    [Fact]
    public async Task Each_host_has_the_items_of_its_own_result()
    {
        var hosts = new ScriptedHosts("web-01", "web-02").Answer("probe", "web-01", "\"stdout\":\"a b\"").Answer("probe", "web-02", "\"stdout\":\"b @fact.hostname\"")
            .Answer("use", "web-02", "\"changed\":true", "\"stdout\":\"from b\"");

        var report = await hosts.RunAsync(new($"{Loop}"
            + "- {name: after, op: command.exec.execute, target: {same_as: each}, depends_on: each, when: results.each.changed, with: {command: after, args: [\"${{ results.each.items['b'].changed }}\", \"${{ results.each.items.exists(key, results.each.items[key].stdout == 'from b') }}\"]}}\n"
            + "- {name: whole, op: health.liveness.get, depends_on: each, when: \"results.each.ok_count == 2 && results.each.hosts['web-01'].items['a'].status == 'unchanged' && !('c' in results.each.hosts['web-01'].items)\"}\n"));

        Assert.True(report.Succeeded, string.Join("; ", report.Tasks.Select(task => task.Error?.Message)));
        Assert.Equal("web-01 unchanged, web-02 changed", Cells(report, "each"));
        Assert.Equal(["a, b", "b, @fact.hostname"], report.Get("each")!.HostResults.Select(host => string.Join(", ", host.Items.Select(item => item.Key))));
        Assert.Contains(hosts.Calls, call => call.Contains("[\"@fact..hostname\",\"@fact..hostname\"]", StringComparison.Ordinal));
        Assert.Contains(hosts.Calls, call => call.StartsWith("web-02", StringComparison.Ordinal) && call.Contains("[\"true\",\"true\"]", StringComparison.Ordinal));
        Assert.Equal("web-01 skipped, web-02 unchanged", Cells(report, "after"));
        Assert.Equal(Status.Unchanged, report.Get("whole")!.Status);
    }

    [Fact]
    public async Task A_task_without_hosts_loops_over_the_results_of_one_host()
    {
        var hosts = new ScriptedHosts("web-01", "web-02").Answer("probe", "web-02", "\"stdout\":\"x y\"");

        var report = await hosts.RunAsync(new($"{Probe}"
            + "- name: describe\n  op: agent.get\n  depends_on: probe\n  for_each: ${{ results.probe.hosts['web-02'].stdout.split(' ') }}\n  with: {name: \"${{ each.value }}\"}\n"
            + "- {name: after, op: health.liveness.get, depends_on: describe, when: \"results.describe.items['y'].status == 'unchanged'\"}\n"));

        Assert.True(report.Succeeded, report.Get("describe")!.Error?.Message);
        Assert.Equal(["x", "y"], report.Get("describe")!.Items.Select(item => item.Key));
        Assert.Equal(Status.Unchanged, report.Get("after")!.Status);
        Assert.Contains("{\"name\":\"y\"}", hosts.Calls);
    }

    [Fact]
    public async Task Conditions_that_read_the_item_are_asked_for_each_and_others_once()
    {
        var hosts = new ScriptedHosts("web-01", "web-02").Answer("probe", "web-01", "\"stdout\":\"a b c\"").Answer("probe", "web-02", "\"stdout\":\"a b\"")
            .Answer("use", "web-01", "\"outcome\":\"failed\",\"exit_code\":2,\"error\":\"exit code 2\"", "\"stdout\":\"new\"");

        var report = await hosts.RunAsync(new(Loop.Replace("  with:", "  when: [\"host == 'web-01'\", \"each.value != 'b'\"]\n  changed_when: \"result.stdout == 'new' && each.key == 'c'\"\n  failed_when: \"result.exit_code > 1 && each.value == 'x'\"\n  with:", StringComparison.Ordinal)));

        Assert.Equal("web-01 changed, web-02 skipped", Cells(report, "each"));
        var items = report.Get("each")!.HostResults[0].Items;
        Assert.Equal(["a unchanged ", "b skipped condition is false: each.value != 'b'", "c changed "], items.Select(item => $"{item.Key} {item.Status.ToText()} {item.SkipReason}"));
    }

    [Theory]
    [InlineData("\"stdout\":\"\"", "skipped", "no items", "${{ results.probe.stdout.trim() == '' ? [] : ['a'] }}")]
    [InlineData("\"stdout\":\"a a\"", "failed", "line 9:14: 'for_each' has the key 'a' twice; the keys of a loop must be unique", "${{ results.probe.stdout.split(' ') }}")]
    [InlineData("\"stdout\":\"a\"", "failed", "line 9:14: item 1 must have a key of 1 to 200 characters without control characters", "${{ ['', results.probe.stdout] }}")]
    [InlineData("\"stdout\":\"a\"", "failed", "the element 7 does not exist", "${{ [results.probe.stdout.split(' ')[7]] }}")]
    public async Task What_is_wrong_with_the_items_is_told_on_the_host(string answer, string status, string message, string source)
    {
        var hosts = new ScriptedHosts("web-01").Answer("probe", "web-01", answer);

        var report = await hosts.RunAsync(new(Loop.Replace("${{ results.probe.stdout.split(' ') }}", $"\"{source}\"", StringComparison.Ordinal)));

        var cell = report.Get("each")!.HostResults[0];
        Assert.Equal(status, cell.Status.ToText());
        Assert.Contains(message.Contains("element", StringComparison.Ordinal) ? "7" : message, cell.Error ?? cell.SkipReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_items_than_the_limit_are_refused_during_the_run()
    {
        var hosts = new ScriptedHosts("web-01").Answer("probe", "web-01", $"\"stdout\":\"{string.Join(' ', Enumerable.Range(0, 1001))}\"");

        var report = await hosts.RunAsync(new(Loop));

        Assert.Equal("line 9:13: 'for_each' has 1001 items, more than 1000", report.Get("each")!.HostResults[0].Error);
        Assert.Single(hosts.Calls);
    }

    [Fact]
    public async Task A_check_does_not_know_items_that_only_a_run_knows()
    {
        ScriptedHosts hosts = new("web-01");

        var report = await hosts.RunAsync(new(Loop), check: true);

        var check = report.Get("each")!.HostResults[0].Check!;
        Assert.Equal((null, "not known in a check: stdout of 'probe' on web-01"), (check.Changed, check.Reason));
    }

    [Fact]
    public void Everything_is_checked_before_the_run()
    {
        LanguageText text = new("""
            - {name: probe, op: docker.list.get, target: _all}
            - {name: other, op: command.exec.execute, target: _all, with: {command: x}}
            - {name: a, op: command.exec.execute, target: _all, for_each: "${{ results.probe.containers }}", with: {command: x}}
            - {name: b, op: command.exec.execute, target: _all, depends_on: probe, for_each: "${{ results.probe.contaners }}", with: {command: "${{ each.value.x }}"}}
            - {name: c, op: command.exec.execute, target: _all, depends_on: probe, for_each: "${{ results.probe.containers }}", with: {command: "${{ each.value.nam }}"}}
            - {name: d, op: command.exec.execute, target: _all, depends_on: other, for_each: "${{ results.other.exit_code }}", with: {command: x}}
            - {name: e, op: command.exec.execute, target: "${{ each.value }}", depends_on: other, for_each: "${{ results.other.stdout.split(',') }}", with: {command: x}}
            - {name: f, op: command.exec.execute, target: _all, depends_on: other, for_each: {in: "${{ results.other.stdout.split(',') }}", key: "${{ each.value.id }}"}, with: {command: x}}
            - {name: g, op: command.exec.execute, target: _all, depends_on: other, for_each: "${{ [[results.other.stdout]] }}", with: {command: x}}
            - {name: h, op: command.exec.execute, target: _all, depends_on: other, for_each: "${{ [results.other.stdout, each.value] }}", with: {command: x}}
            - {name: i, op: command.exec.execute, target: _all, depends_on: [other, g], with: {command: "${{ results.g.stdout }}"}}
            - {include: x.yaml, for_each: "${{ results.other.stdout.split(',') }}"}

            """);

        Assert.Equal(
            [
                "plan.yaml:6:76: 'a' does not depend on 'probe': add it to 'depends_on'",
                "plan.yaml:7:101: the result of 'probe' has no member 'contaners'; did you mean 'containers'? (known: changed, changed_count, containers, failed, failed_count, hosts, ok_count, skipped, skipped_count, status, total)",
                "plan.yaml:8:149: an element has no member 'nam'; did you mean 'name'? (known: created, id, image, name, state)",
                "plan.yaml:9:82: 'for_each' must be a list or a map, and this is an int",
                "plan.yaml:10:52: 'each' is an item of a loop over results, known only during the run; 'target' is read before it",
                "plan.yaml:11:150: a text has no members",
                "plan.yaml:12:82: each item, a list of texts, has no key: items are texts, numbers or mappings with 'name', or say how: for_each: {in: .., key: \"${{ each.value.NAME }}\"}",
                "plan.yaml:13:110: 'each' is an item of this loop, and 'for_each' says what its items are",
                "plan.yaml:14:108: 'g' is a loop; read one of its items: results.g.items['KEY'].stdout",
                "plan.yaml:15:36: 'results' is known only during the run; 'for_each of an include' is read before it, from vars, env and each",
            ],
            text.Problems());
    }

    [Fact]
    public void A_loop_over_results_is_one_task()
    {
        LanguageText text = new(Loop + "- {name: after, op: health.liveness.get, depends_on: each}\n");

        var plan = text.Read();

        Assert.Equal(["probe", "each", "after"], plan.Tasks.Select(task => task.Name));
        Assert.Equal(["each"], plan.Tasks[2].DependsOn);
        Assert.Contains("each [command.exec.execute _all] <- probe (for each results.probe.stdout.split(' '))", PlanBuild.Of(plan, null, null!, new()).Explain(), StringComparison.Ordinal);
    }

    private static string Cells(Report report, string task) => string.Join(", ", report.Get(task)!.HostResults.Select(host => $"{host.Hostname} {host.Status.ToText()}"));
}
