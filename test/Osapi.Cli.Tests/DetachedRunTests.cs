using System.Text.Json;
using Osapi.Cli.Tests.Running;
using Osapi.Cli.Tests.Secrets;

namespace Osapi.Cli.Tests;

/// <summary>Tests of plans that are handed over to the controller, which runs them without the command.</summary>
public sealed class DetachedRunTests : CliTest
{
    // The second task tells that it runs, and ends when a file appears.
    private string Waiting => $$$"""
        version: 1
        name: detached
        vars: {place: {{{fixture.Directory}}}}
        tasks:
          - {name: first, op: command.shell.execute, target: _any, with: {command: "echo done >> ${{ vars.place }}/first"}}
          - {name: second, op: command.shell.execute, target: _any, depends_on: [first], with: {command: "echo started >> ${{ vars.place }}/started; while ! [ -e ${{ vars.place }}/go ]; do sleep 0.05; done; echo done >> ${{ vars.place }}/second", timeout: 300}}
          - {name: third, op: command.shell.execute, target: _any, depends_on: [second], with: {command: "echo ${{ run.id }} >> ${{ vars.place }}/third"}}
        """;

    [Fact]
    public async Task A_detached_run_goes_on_without_the_command_and_is_watched()
    {
        await fixture.StartSystemAsync();
        var plan = fixture.File("plan.yaml", Waiting);

        var id = await HandOverAsync(plan);
        // The record has the plan.
        File.Delete(plan);
        await FileAsync("started");
        var watch = fixture.Start("run", "watch", id);
        await watch.LineAsync("second called");
        var list = (await fixture.RunAsync("run", "list", "-o", "wide")).With(ExitCode.Ok).Output;
        fixture.File("go", "");
        var watched = (await watch.EndAsync()).With(ExitCode.Ok);

        Assert.Contains(Environment.MachineName, list, StringComparison.Ordinal);
        Assert.Contains("handed over to the controllers", watched.Output, StringComparison.Ordinal);
        Assert.Contains($"controller {Environment.MachineName} took over", watched.Output, StringComparison.Ordinal);
        Assert.Equal(["done", "done", id], Lines("first", "second", "third"));
    }

    [Fact]
    public async Task A_detached_run_goes_on_after_its_controller_was_killed_and_started_again()
    {
        fixture.Environment["SAID"] = "then";
        fixture.Environment["PASSWORD"] = "open sesame";
        var system = await fixture.StartSystemAsync("--hostname", "web-01");
        var id = await HandOverAsync(fixture.File("plan.yaml", $$$"""
            version: 1
            name: killed
            vars: {place: {{{fixture.Directory}}}}
            secrets: {password: {env: PASSWORD}}
            tasks:
              - {name: first, op: command.shell.execute, target: web-01, with: {command: "echo done >> ${{ vars.place }}/first"}}
              - {name: second, op: command.shell.execute, target: web-01, depends_on: [first], with: {command: "echo started >> ${{ vars.place }}/started; while ! [ -e ${{ vars.place }}/go ]; do sleep 0.05; done", timeout: 300}, on_error: continue}
              - {name: third, op: command.exec.execute, target: web-01, depends_on: [first], with: {command: sh, args: [-c, "echo started >> ${{ vars.place }}/waiting; while ! [ -e ${{ vars.place }}/go ]; do sleep 0.05; done; cat >> ${{ vars.place }}/third; echo ${{ env.SAID }} >> ${{ vars.place }}/third"], stdin: "${{ secrets.password }}\n"}, on_error: continue}
              - {name: fourth, op: command.exec.execute, target: web-01, depends_on: [second, third], when: always, with: {command: sh, args: [-c, "cat >> ${{ vars.place }}/fourth; echo ${{ env.SAID }} >> ${{ vars.place }}/fourth"], stdin: "${{ secrets.password }}\n"}}
            """));
        await FileAsync("started");
        await FileAsync("waiting");

        system.Program.Signal(RunningProgram.Kill);
        await system.Program.EndAsync();
        fixture.Environment["SAID"] = "now";
        fixture.Environment["PASSWORD"] = "another one";
        fixture.File("go", "");
        await fixture.StartSystemAsync("--hostname", "web-01");
        var watched = await fixture.RunAsync("run", "watch", id);

        Assert.Equal(["done"], Lines("first"));
        Assert.True(Lines("fourth") is ["open sesame", "then"], watched.Output + watched.Error);
        Assert.Contains("the run ended", watched.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_the_plan_uploads_are_handed_over_and_nothing_of_the_controllers_machine_is_read()
    {
        await fixture.StartSystemAsync();
        fixture.File("app.conf", "as it was\n");
        var plan = fixture.File("plan.yaml", $$$"""
            version: 1
            name: uploading
            tasks:
              - {name: wait, op: command.shell.execute, target: _any, with: {command: "echo started >> {{{fixture.Directory}}}/started; while ! [ -e {{{fixture.Directory}}}/go ]; do sleep 0.05; done", timeout: 300}}
              - {name: upload, op: file.upload, depends_on: [wait], with: {name: app.conf, path: app.conf}}
              - {name: again, op: file.upload, depends_on: [wait], with: {name: "${{ run.id }}.conf", path: app.conf}}
            """);

        var id = await HandOverAsync(plan);
        await FileAsync("started");
        fixture.File("app.conf", "changed since\n");
        fixture.File("go", "");
        (await fixture.RunAsync("run", "watch", id)).With(ExitCode.Ok);

        (await fixture.RunAsync("file", "download", "app.conf", "--output", Path.Combine(fixture.Directory, "got"))).With(ExitCode.Ok);
        Assert.Equal("as it was\n", await File.ReadAllTextAsync(Path.Combine(fixture.Directory, "got"), TestContext.Current.CancellationToken));
        // What was handed over is removed at the end.
        while ((await fixture.RunAsync("file", "list")).With(ExitCode.Ok).Output.Contains("osapi.runs/", StringComparison.Ordinal))
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Contains($"{id}.conf", (await fixture.RunAsync("file", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_found_nowhere_after_the_end()
    {
        Canaries canaries = new();
        var secret = canaries.Next("a detached run");
        fixture.Environment["PASSWORD"] = secret;
        fixture.Environment["DOTNET_EnableDiagnostics"] = "0";
        await fixture.StartSystemAsync();
        var id = await HandOverAsync(fixture.File("plan.yaml", $$$"""
            version: 1
            name: secret
            secrets: {password: {env: PASSWORD}}
            tasks:
              - {name: use, op: command.exec.execute, target: _any, with: {command: sh, args: [-c, "wc -c > {{{fixture.Directory}}}/used; echo started >> {{{fixture.Directory}}}/started; while ! [ -e {{{fixture.Directory}}}/go ]; do sleep 0.05; done"], stdin: "${{ secrets.password }}", timeout: 300}}
            """));
        await FileAsync("started");
        Assert.Equal([], Found());
        fixture.File("go", "");
        (await fixture.RunAsync("run", "watch", id)).With(ExitCode.Ok);

        Assert.NotEqual("0", Lines("used")[0]);
        Assert.Equal([], Found());
        foreach (var command in (string[][])[["run", "show", id], ["run", "show", id, "--json"], ["run", "watch", id, "--json"], ["job", "list", "--json"]])
            Assert.Null(canaries.Find((await fixture.RunAsync(command)).With(ExitCode.Ok).Output));

        List<string> Found() => [.. Directory.GetFiles(fixture.StateDirectory, "*", SearchOption.AllDirectories)
            // The lock has no content, and cannot be opened by others.
            .Where(file => !file.EndsWith(".sock", StringComparison.Ordinal) && Path.GetFileName(file) != "lock")
            .Select(file => (File: file, Found: canaries.Find(Read(file)))).Where(found => found.Found is not null).Select(found => $"{found.File}: {found.Found}")];
    }

    [Fact]
    public async Task What_nobody_could_answer_later_is_refused_at_the_hand_over()
    {
        await fixture.StartSystemAsync();
        var confirm = fixture.File("confirm.yaml", "version: 1\nname: confirm\nconfirm: Really?\ntasks:\n  - {name: a, op: node.hostname.get, target: _any}\n");
        var prompt = fixture.File("prompt.yaml", "version: 1\nname: prompt\nsecrets: {password: {prompt: Password}}\ntasks:\n  - {name: a, op: command.exec.execute, target: _any, with: {command: cat, stdin: \"${{ secrets.password }}\"}}\n");
        var computed = fixture.File("computed.yaml", """
            version: 1
            name: computed
            tasks:
              - {name: a, op: command.exec.execute, target: _any, with: {command: echo, args: [HOME]}}
              - {name: b, op: command.exec.execute, target: _any, depends_on: [a], with: {command: echo, args: ["${{ env[results.a.stdout] }}"]}}
              - {name: c, op: file.upload, depends_on: [a], with: {name: c, path: "${{ results.a.stdout }}"}}
            """);

        Assert.Contains("--yes answers yes", (await fixture.RunAsync("run", confirm, "--detach")).With(ExitCode.BadInput).Error, StringComparison.Ordinal);
        Assert.Contains("standard input is none", (await fixture.RunAsync("run", prompt, "--detach")).With(ExitCode.BadInput).Error, StringComparison.Ordinal);
        var error = (await fixture.RunAsync("run", computed, "--detach")).With(ExitCode.BadInput).Error;
        Assert.Contains("the file that task 'c' uploads is known only while the plan runs", error, StringComparison.Ordinal);
        Assert.Contains("task 'b' reads the environment by a name that is known only while the plan runs", error, StringComparison.Ordinal);
        foreach (var (option, says) in new[] { ("--check", "--detach cannot be used with --check"), ("--why=a", "--detach cannot be used with --why"), ("--report=json=x", "--detach cannot be used with --report") })
            Assert.Contains(says, (await fixture.RunAsync("run", confirm, "--detach", option)).With(ExitCode.BadInput).Error, StringComparison.Ordinal);
        Assert.Contains("no runs", (await fixture.RunAsync("run", "list")).Output, StringComparison.Ordinal);

        var id = (await fixture.RunAsync("run", confirm, "--detach", "--yes", "--json")).With(ExitCode.Ok).Report.GetProperty("id").GetString()!;
        (await fixture.RunAsync("run", "watch", id)).With(ExitCode.Ok);
    }

    [Fact]
    public async Task Without_a_controller_that_goes_on_a_plan_is_not_handed_over()
    {
        var refused = (await fixture.RunAsync("run", fixture.File("plan.yaml", Waiting), "--detach")).With(ExitCode.Unreachable);

        Assert.Contains("--detach needs a controller that goes on running", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(fixture.StateDirectory));
    }

    [Fact]
    public async Task A_detached_run_is_cancelled_and_tried_again()
    {
        await fixture.StartSystemAsync();
        var id = await HandOverAsync(fixture.File("plan.yaml", Waiting + $$$"""

              - {name: last, op: command.shell.execute, target: _any, depends_on: [second], when: always, with: {command: "echo always >> {{{fixture.Directory}}}/last"}}
            """));
        await FileAsync("started");

        (await fixture.RunAsync("run", "cancel", id)).With(ExitCode.Ok);
        (await fixture.RunAsync("run", "watch", id)).With(ExitCode.Failed);
        Assert.Contains("cancelled", (await fixture.RunAsync("run", "show", id)).Output, StringComparison.Ordinal);
        Assert.Equal(["always"], Lines("last"));

        fixture.File("go", "");
        Assert.Contains("handed over", (await fixture.RunAsync("run", "retry", id, "--detach", "--rerun", "second")).With(ExitCode.Ok).Output, StringComparison.Ordinal);
        (await fixture.RunAsync("run", "watch", id)).With(ExitCode.Ok);
        Assert.Equal(["done", "done", id], Lines("first", "second", "third"));
    }

    [Fact]
    public async Task Runs_beyond_the_maximum_wait_and_one_that_waits_is_cancelled()
    {
        fixture.Environment["OSAPI_CONTROLLER_MAX_DETACHED_RUNS"] = "1";
        await fixture.StartSystemAsync();
        var first = await HandOverAsync(fixture.File("plan.yaml", Waiting));
        await FileAsync("started");

        var second = await HandOverAsync(Quick("second"));
        var third = await HandOverAsync(Quick("third"));
        Assert.Equal(["waiting", "waiting", "running"], await StatusesAsync());
        Assert.Contains("plan 'second' is being run", (await fixture.RunAsync("run", Quick("second"))).With(ExitCode.Failed).Error, StringComparison.Ordinal);
        (await fixture.RunAsync("run", "cancel", second)).With(ExitCode.Ok);
        (await fixture.RunAsync("run", "watch", second)).With(ExitCode.Failed);
        Assert.Equal(["waiting", "cancelled", "running"], await StatusesAsync());

        fixture.File("go", "");
        (await fixture.RunAsync("run", "watch", first)).With(ExitCode.Ok);
        (await fixture.RunAsync("run", "watch", third)).With(ExitCode.Ok);
        Assert.False(File.Exists(Path.Combine(fixture.Directory, "second.ran")));
        Assert.True(File.Exists(Path.Combine(fixture.Directory, "third.ran")));

        string Quick(string name) => fixture.File($"{name}.yaml", $"name: {name}\ntasks:\n- {{name: a, op: command.exec.execute, target: _any, with: {{command: touch, args: [{fixture.Directory}/{name}.ran]}}}}\n");
    }

    private async Task<IReadOnlyList<string>> StatusesAsync() =>
        [.. JsonElement.Parse((await fixture.RunAsync("run", "list", "--json")).With(ExitCode.Ok).Output).GetProperty("items").EnumerateArray().Select(run => run.GetProperty("status").GetString()!)];

    private async Task<string> HandOverAsync(string plan) => (await fixture.RunAsync("run", plan, "--detach")).With(ExitCode.Ok).Lines[0][4..].Trim();

    private async Task FileAsync(string name)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(40));
        while (!File.Exists(Path.Combine(fixture.Directory, name)))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, bound.Token);
    }

    private string[] Lines(params string[] names) => [.. names.Select(name => Path.Combine(fixture.Directory, name)).Where(File.Exists).SelectMany(File.ReadAllLines)];

    private static byte[] Read(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
