using Osapi.Operations.Command;
using Osapi.Orchestrator;

namespace Osapi.Plans.Tests.Language;

/// <summary>Tests of loops, blocks, includes and merge keys.</summary>
public sealed class ExpansionTests
{
    [Theory]
    [InlineData("[nginx, curl]", "install[nginx] nginx nginx", "install[curl] curl curl")]
    [InlineData("[1, 2]", "install[1] 1 1", "install[2] 2 2")]
    [InlineData("{a: x, b: y}", "install[a] a x", "install[b] b y")]
    [InlineData("\"${{ vars.list }}\"", "install[u] u u")]
    [InlineData("{in: \"${{ vars.list }}\", key: \"k-${{ each.value }}\"}", "install[k-u] k-u u")]
    [InlineData("[]")]
    public void A_loop_makes_a_task_for_each_item(string items, params string[] tasks)
    {
        LanguageText text = new($"- name: install\n  op: command.exec.execute\n  target: _any\n  for_each: {items}\n  with: {{command: ls, args: [\"${{{{ each.key }}}}\", \"${{{{ each.value }}}}\"]}}\n- {{name: after, op: health.liveness.get, depends_on: install}}\n", "vars: {list: [u]}\n");

        var plan = text.Read();

        Assert.Equal(tasks, plan.Tasks.SkipLast(1).Select(task => $"{task.Name} {string.Join(' ', ((ExecCommand)task.Request!).Args)}"));
        Assert.Equal(plan.Tasks.SkipLast(1).Select(task => task.Name), plan.Tasks[^1].DependsOn);
    }

    [Fact]
    public void Items_that_are_mappings_have_their_name_as_the_key()
    {
        LanguageText text = new("- name: user\n  op: command.exec.execute\n  target: _any\n  for_each: [{name: ann, id: 5}, {name: bob, id: 6}]\n  with: {command: ls, args: [\"${{ each.value.id }}\"]}\n");

        Assert.Equal(["user[ann] 5", "user[bob] 6"], text.Read().Tasks.Select(task => $"{task.Name} {((ExecCommand)task.Request!).Args[0]}"));
    }

    [Fact]
    public void Wrong_loops_are_told()
    {
        LanguageText text = new("- {name: a, op: health.liveness.get, for_each: [x, y, x]}\n- {name: b, op: health.liveness.get, for_each: 5}\n- {name: c, op: health.liveness.get, for_each: [{id: 1}, true]}\n- {name: d, op: health.liveness.get, for_each: [\"${{ results.a }}\"]}\n");

        Assert.Equal(
            [
                "plan.yaml:4:55: 'for_each' has the key 'x' twice; the keys of a loop must be unique",
                "plan.yaml:5:48: 'for_each' must be a list or a map",
                "plan.yaml:6:49: item 1 has no key: items are texts, numbers or mappings with 'name', or say how: for_each: {in: .., key: \"${{ each.value.NAME }}\"}",
                "plan.yaml:6:58: item 2 has no key: items are texts, numbers or mappings with 'name', or say how: for_each: {in: .., key: \"${{ each.value.NAME }}\"}",
                "plan.yaml:7:54: 'results' is known only during the run; 'for_each' is read before it, from vars, env and each; a task can loop over results with one expression: for_each: ${{ .. }}",
            ],
            text.Problems());
    }

    [Fact]
    public void Loops_and_plans_have_limits()
    {
        LanguageText many = new("- {name: a, op: health.liveness.get, for_each: \"${{ vars.items }}\"}\n", $"vars: {{items: [{string.Join(", ", Enumerable.Range(0, 1001))}]}}\n");
        LanguageText tasks = new(string.Concat(Enumerable.Range(0, 11).Select(task => $"- {{name: a{task}, op: health.liveness.get, for_each: \"${{{{ vars.items }}}}\"}}\n")), $"vars: {{items: [{string.Join(", ", Enumerable.Range(0, 1000))}]}}\n");

        Assert.Equal("plan.yaml:5:48: 'for_each' has 1001 items, more than 1000", Assert.Single(many.Problems()));
        Assert.Equal("plan.yaml:15:3: the plan has more than 10000 tasks, loops and included files expanded", Assert.Single(tasks.Problems()));
    }

    [Fact]
    public void A_block_says_what_holds_for_its_tasks_and_cleans_up()
    {
        LanguageText text = new("""
            - {name: first, op: health.liveness.get}
            - block: restart
              target: group:web
              when: vars.restart
              on_error: continue
              depends_on: first
              tags: [web]
              tasks:
              - {name: stop, op: command.shell.execute, with: {command: stop}}
              - {name: start, op: command.shell.execute, target: web-01, depends_on: stop, on_error: stop_all, tags: x, with: {command: start}}
              - {name: live, op: health.liveness.get}
              always:
              - {name: clean, op: command.shell.execute, with: {command: clean}}
            - {name: after, op: health.liveness.get, depends_on: restart}

            """, "vars: {restart: true}\n");

        var tasks = text.Read().Tasks.ToDictionary(task => task.Name);

        Assert.Equal(("group:web", "web-01", "group:web"), (tasks["stop"].Target!.Text, tasks["start"].Target!.Text, tasks["clean"].Target!.Text));
        Assert.Equal((ErrorStrategy.Continue, ErrorStrategy.StopAll), (tasks["stop"].Modifiers.OnError, tasks["start"].Modifiers.OnError));
        Assert.Equal(["first"], tasks["stop"].DependsOn);
        Assert.Equal(["stop", "first"], tasks["start"].DependsOn);
        Assert.Equal(["stop", "start", "live"], tasks["clean"].DependsOn);
        Assert.Equal((false, true), (tasks["stop"].Modifiers.Always, tasks["clean"].Modifiers.Always));
        Assert.Equal((1, 0), (tasks["stop"].Conditions.Count, tasks["clean"].Conditions.Count));
        Assert.Equal(["x", "web"], tasks["start"].Tags);
        Assert.Equal(["stop", "start", "live", "clean"], tasks["after"].DependsOn);
    }

    [Fact]
    public void An_included_file_has_its_own_names_and_gets_its_variables()
    {
        LanguageText text = new("""
            - include: web.yaml
              with: {port: "${{ vars.port }}"}
            - include: web.yaml
              name: other
              for_each: [a, b]
              depends_on: web
              with: {port: 1, tag: "${{ each.key }}"}
            - {name: after, op: health.liveness.get, depends_on: [web/deploy, other, "other[b]/check"], when: "results['web/deploy'].changed && host_of('other[b]/check') != ''"}

            """, "vars: {port: 80}\n")
        {
            Files =
            {
                ["web.yaml"] = """
                    version: 1
                    vars: {port: {type: int, required: true}, tag: none}
                    tasks:
                    - {name: deploy, op: command.exec.execute, target: _any, with: {command: ls, args: ["${{ vars.port }}", "${{ vars.tag }}"]}}
                    - {name: check, op: command.exec.execute, target: _any, depends_on: deploy, when: "results.deploy.changed && host_of('deploy') != ''", with: {command: ls}}
                    """,
            },
        };

        var tasks = text.Read().Tasks.ToDictionary(task => task.Name);

        Assert.Equal(["web/deploy", "web/check", "other[a]/deploy", "other[a]/check", "other[b]/deploy", "other[b]/check", "after"], tasks.Keys);
        Assert.Equal(["80", "none"], ((ExecCommand)tasks["web/deploy"].Request!).Args);
        Assert.Equal(["1", "b"], ((ExecCommand)tasks["other[b]/deploy"].Request!).Args);
        Assert.Equal(["other[a]/deploy", "web/deploy", "web/check"], tasks["other[a]/check"].DependsOn);
        Assert.Equal(["web/deploy", "other[a]/deploy", "other[a]/check", "other[b]/deploy", "other[b]/check"], tasks["after"].DependsOn);
        Assert.Equal(("web.yaml", "/plans/web.yaml"), (tasks["web/check"].File, tasks["web/check"].FullFile));
    }

    [Fact]
    public void Problems_of_included_files_have_their_names()
    {
        LanguageText text = new("- include: a.yaml\n- {include: none.yaml}\n- {include: b.yaml, with: {x: 1, y: text}}\n- include: loop.yaml\n")
        {
            Files =
            {
                ["a.yaml"] = "version: 1\ntasks:\n- {name: a, op: node.lod.get, target: _any}\n- {name: b, op: health.liveness.get, depends_on: after}\ndeadline: 5s\n",
                ["b.yaml"] = "vars: {y: 5, z: {required: true}}\ntasks: [{name: a, op: health.liveness.get}]\n",
                ["loop.yaml"] = "version: 1\ntasks: [{include: loop2.yaml}]\n",
                ["loop2.yaml"] = "version: 1\ntasks: [{include: loop.yaml}]\n",
            },
        };

        Assert.Equal(
            [
                "plan.yaml:5:13: include: there is no file 'none.yaml'",
                "plan.yaml:6:28: b.yaml requires 'z' in 'with'",
                "plan.yaml:6:28: with: there is no variable 'x'; did you mean 'y'? (known: y, z)",
                "plan.yaml:6:34: with: 'y' must be a whole number",
                "a.yaml:3:17: there is no operation 'node.lod.get'; did you mean 'node.load.get'? (osapi operations lists them)",
                "a.yaml:4:50: depends_on: there is no task 'after'",
                "a.yaml:5:1: 'deadline' belongs to the plan file, not to a file that is included",
                "b.yaml:1:1: an included file begins with 'version: 1'",
                "loop2.yaml:2:19: include: loop.yaml includes itself, through other files",
            ],
            text.Problems().Select(problem => problem.Replace("6:27", "6:28", StringComparison.Ordinal)));
    }

    [Fact]
    public void Files_are_included_to_a_depth_of_16()
    {
        LanguageText text = new("- include: f1.yaml\n");
        for (var file = 1; file <= 17; file++)
            text.Files[$"f{file}.yaml"] = $"version: 1\ntasks:\n- {{name: a, op: health.liveness.get}}\n{(file == 17 ? "" : $"- include: f{file + 1}.yaml\n")}";

        Assert.Equal("f16.yaml:4:12: include: files are included deeper than 16 levels", Assert.Single(text.Problems()));
    }

    [Fact]
    public void Merge_keys_and_members_with_x_are_places_for_what_is_common()
    {
        LanguageText text = new("""
            - &a {name: a, <<: *base, timeout: 5s}
            - {name: b, <<: [*more, *base], x-note: ignored}

            """, "x-base: &base {op: node.load.get, target: _any, timeout: 1s}\nx-more: &more {target: _all, timeout: 2s}\n");

        var tasks = text.Read().Tasks;

        Assert.Equal(("_any", 5.0), (tasks[0].Target!.Text, tasks[0].Modifiers.Timeout!.Value.TotalSeconds));
        Assert.Equal(("_all", 2.0), (tasks[1].Target!.Text, tasks[1].Modifiers.Timeout!.Value.TotalSeconds));
    }

    [Fact]
    public void A_mistake_of_dependencies_is_told_with_names()
    {
        LanguageText text = new("""
            - {name: a, op: node.load.get, target: _all, depends_on: b}
            - {name: b, op: node.load.get, target: _all, depends_on: loop}
            - {name: loop, op: node.load.get, target: _all, for_each: [x], depends_on: a}
            - {name: c, op: health.liveness.get}
            - {name: c, op: health.liveness.get}

            """);

        Assert.Equal(["plan.yaml:4:10: cycle: a -> b -> loop[x] -> a", "plan.yaml:8:10: there is another task 'c'; names must be unique (first in line 7)"], text.Problems());
    }
}
