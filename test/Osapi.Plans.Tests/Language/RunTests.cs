using System.Text.Json.Nodes;
using Osapi.Orchestrator;

namespace Osapi.Plans.Tests.Language;

/// <summary>Tests of plan files with expressions, run against scripted hosts.</summary>
public sealed class RunTests
{
    private const string Probe = "- {name: probe, op: command.exec.execute, target: _all, with: {command: probe}}\n";

    [Fact]
    public async Task A_value_of_one_task_goes_into_the_next_on_the_same_host()
    {
        var hosts = new ScriptedHosts("web-01", "web-02", "web-03")
            .Answer("probe", "web-01", "\"stdout\":\"a\"").Answer("probe", "web-02", "\"stdout\":\"b; @fact.hostname\"").Answer("probe", "web-03", "\"stdout\":\"a\"");

        var report = await hosts.RunAsync(new($"{Probe}- {{name: use, op: command.exec.execute, target: _all, depends_on: probe, with: {{command: use, args: [\"${{{{ results.probe.stdout }}}}\"]}}}}\n"));

        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal(
            ["web-01,web-02,web-03 {\"command\":\"probe\"}", "web-01,web-03 {\"args\":[\"a\"],\"command\":\"use\"}", "web-02 {\"args\":[\"b; @fact..hostname\"],\"command\":\"use\"}"],
            hosts.Calls.Select(Sorted).Order(StringComparer.Ordinal).OrderBy(call => call.Contains("use", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_condition_is_decided_for_each_host_or_once()
    {
        var hosts = new ScriptedHosts("web-01", "web-02").Answer("probe", "web-02", "\"changed\":true");
        hosts.Facts["web-01"] = new() { ["os_info"] = new JsonObject { ["distribution"] = "debian" } };
        hosts.Facts["web-02"] = new() { ["os_info"] = new JsonObject { ["distribution"] = "alpine" } };

        var report = await hosts.RunAsync(new($"{Probe}"
            + "- {name: changed, op: command.exec.execute, target: _all, depends_on: probe, when: results.probe.changed, with: {command: a}}\n"
            + "- {name: debian, op: command.exec.execute, target: _all, when: facts.os_info.distribution == 'debian', with: {command: b}}\n"
            + "- {name: once, op: command.exec.execute, target: _all, depends_on: probe, when: [results.probe.changed_count == 2, true], with: {command: c}}\n"
            + "- {name: whole, op: health.liveness.get, depends_on: probe, when: \"results.probe.changed && results.probe.hosts['web-02'].exit_code == 0\"}\n"));

        Assert.Equal("web-01 skipped, web-02 unchanged", Cells(report, "changed"));
        Assert.Equal("web-01 unchanged, web-02 skipped", Cells(report, "debian"));
        Assert.Equal("web-01 skipped, web-02 skipped", Cells(report, "once"));
        Assert.Equal("condition is false: results.probe.changed", report.Get("changed")!.HostResults[0].SkipReason);
        Assert.Equal(Status.Unchanged, report.Get("whole")!.Status);
    }

    [Fact]
    public async Task The_tasks_own_result_decides_what_failed_and_what_changed()
    {
        var hosts = new ScriptedHosts("web-01", "web-02")
            .Answer("probe", "web-01", "\"outcome\":\"failed\",\"exit_code\":1,\"error\":\"exit code 1\"").Answer("probe", "web-02", "\"stdout\":\"starting\"", "\"stdout\":\"ok updated\"");

        var report = await hosts.RunAsync(new("- {name: probe, op: command.exec.execute, target: _all, with: {command: probe}, on_error: retry(3), failed_when: \"result.exit_code > 1 || result.stdout == 'starting'\", changed_when: result.stdout.contains('updated')}\n"));

        Assert.Equal("web-01 unchanged, web-02 changed", Cells(report, "probe"));
        Assert.Equal([1, 2], report.Get("probe")!.HostResults.Select(host => host.Attempts));
    }

    [Fact]
    public async Task A_value_that_is_missing_fails_the_cell_with_its_place()
    {
        var hosts = new ScriptedHosts("web-01", "web-02", "web-03")
            .Answer("probe", "web-01", "\"stdout\":\"x\"").Answer("probe", "web-02", "\"stdout\":\"x y\",\"stdout_truncated\":true").Answer("probe", "web-03", "\"stdout\":\"\"");

        var report = await hosts.RunAsync(new($"{Probe}- {{name: use, op: command.exec.execute, target: _all, depends_on: probe, with: {{command: use, args: [\"${{{{ results.probe.stdout.split(' ')[0] }}}}\", \"${{{{ 1 / (size(results.probe.stdout_head) - 0) }}}}\"]}}}}\n", ""));

        Assert.Equal("web-01 unchanged, web-02 failed, web-03 failed", Cells(report, "use"));
        var errors = report.Get("use")!.HostResults.Select(host => host.Error).ToList();
        Assert.StartsWith("line 5:", errors[1], StringComparison.Ordinal);
        Assert.EndsWith("'stdout' of 'probe' on web-02 was cut, because it is large; 'stdout_head' is its beginning and end", errors[1], StringComparison.Ordinal);
        Assert.StartsWith("line 5:", errors[2], StringComparison.Ordinal);
        Assert.Equal(["web-01"], hosts.Calls.Where(call => call.Contains("use", StringComparison.Ordinal)).Select(call => call.Split(' ')[0]));
    }

    [Fact]
    public async Task A_check_knows_that_it_does_not_know()
    {
        ScriptedHosts hosts = new("web-01");

        var report = await hosts.RunAsync(
            new($"{Probe}"
                + "- {name: use, op: command.exec.execute, target: _all, depends_on: probe, with: {command: use, args: [\"${{ results.probe.stdout }}\"]}}\n"
                + "- {name: guarded, op: command.exec.execute, target: _all, depends_on: probe, when: results.probe.exit_code == 0, with: {command: guarded}}\n"
                + "- {name: known, op: command.exec.execute, target: _all, when: vars.yes, with: {command: known}}\n"
                + "- {name: after, op: health.liveness.get, depends_on: use, only_if_changed: true}\n", "vars: {yes: false}\n"),
            check: true);

        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal((null, "not known in a check: stdout of 'probe' on web-01"), Check("use"));
        Assert.Equal((null, "not known in a check: exit_code of 'probe' on web-01"), Check("guarded"));
        Assert.Equal("web-01 skipped", Cells(report, "known"));
        Assert.Equal(Status.Unchanged, report.Get("after")!.Status);
        Assert.Equal(2, hosts.Calls.Count());

        (bool?, string?) Check(string task) => (report.Get(task)!.HostResults[0].Check!.Changed, report.Get(task)!.HostResults[0].Check!.Reason);
    }

    [Fact]
    public async Task Loops_hosts_and_secrets_are_read_during_the_run()
    {
        var hosts = new ScriptedHosts("web-01", "web-02").Answer("a", "web-01", "\"changed\":true").Answer("any", "web-01", "\"stdout\":\"v1\"");
        hosts.Secrets["token"] = "hunter2 @fact.hostname";

        var report = await hosts.RunAsync(new("""
            - {name: get, op: command.exec.execute, target: _all, for_each: [a, b], with: {command: "${{ each.key }}"}}
            - {name: any, op: command.exec.execute, target: _any, depends_on: get, with: {command: any}}
            - {name: use, op: command.exec.execute, target: _all, depends_on: [get, any], when: "results.get['a'].changed || host_of('any') != 'web-01'", with: {command: use, args: ["${{ host }}", "${{ results.any.stdout }}"], env: {T: "${{ secrets.token }}"}}}

            """, "secrets: {token: {env: T}}\n"));

        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal("web-01 unchanged, web-02 skipped", Cells(report, "use"));
        Assert.Contains(hosts.Calls, call => call.Contains("[\"web-01\",\"v1\"]", StringComparison.Ordinal) && call.Contains("hunter2 @fact..hostname", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_the_flow_by_host_what_reads_all_hosts_waits_for_them()
    {
        var hosts = new ScriptedHosts("web-01", "web-02").Answer("probe", "web-02", "\"stdout\":\"z\"");

        var report = await hosts.RunAsync(new($"{Probe}- {{name: use, op: command.exec.execute, target: _all, depends_on: probe, with: {{command: use, args: [\"${{{{ results.probe.hosts['web-02'].stdout }}}}\", \"${{{{ host }}}}\"]}}}}\n", "flow: host\n"));

        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal(2, hosts.Calls.Count(call => call.Contains("[\"z\",", StringComparison.Ordinal)));
    }

    private static string Cells(Report report, string task) => string.Join(", ", report.Get(task)!.HostResults.Select(host => $"{host.Hostname} {host.Status.ToText()}"));

    private static string Sorted(string call)
    {
        var members = JsonNode.Parse(call[(call.IndexOf('{', StringComparison.Ordinal))..])!.AsObject();
        return $"{call[..call.IndexOf('{', StringComparison.Ordinal)]}{{{string.Join(",", members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"\"{member.Key}\":{member.Value!.ToJsonString()}"))}}}";
    }
}
