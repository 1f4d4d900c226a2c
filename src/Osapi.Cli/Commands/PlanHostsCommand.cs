using System.CommandLine;
using Osapi.Cli.Connection;
using Osapi.Cli.Plans;
using Osapi.Cli.Rendering;
using Osapi.Cli.Yaml;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Targets;
using Osapi.Plans;
using Osapi.Plans.Yaml;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi plan hosts</c>: asks the controller on which hosts each task would run now.</summary>
internal static class PlanHostsCommand
{
    public static Command Create(ConnectionOptions connection)
    {
        var file = PlanCommands.FileArgument();
        Command command = new("hosts", "Show on which hosts each task would run now") { file };
        PlanInputOptions inputs = new();
        SelectionOptions selections = new();
        inputs.AddTo(command);
        selections.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            List<string> problems = [];
            var settings = connection.Read(result, problems);
            var path = result.GetValue(file)!;
            SourceFiles sources = new();
            var plan = await PlanCommands.LoadAsync(result, path, inputs, sources);
            if (problems.Count > 0)
                throw CommandException.BadInput(problems);
            var selection = selections.ReadFor(result, ref plan);
            await using var opened = await ControllerConnection.OpenAsync(settings, cancellationToken);
            var (rows, mistakes) = await ResolveAsync(plan, selection?.Limit, opened.Client, cancellationToken);
            Terminal.Out.Columns([["TASK", "TARGET", "HOSTS"], .. rows]);
            return mistakes.Count > 0 ? throw CommandException.BadInput([], sources.Complete(path, mistakes)) : ExitCode.Ok;
        });
        return command;
    }

    private static async Task<(IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<FileProblem> Mistakes)> ResolveAsync(PlanFile plan, Target? limit, OsapiClient client, CancellationToken cancellationToken)
    {
        List<IReadOnlyList<string>> rows = [];
        List<FileProblem> mistakes = [];
        Dictionary<(string Target, string Operation), ResolvedTarget> known = [];
        var limited = limit is null ? null : await TargetLimit.ResolveAsync(client, limit, plan.SelectedTasks, cancellationToken);
        foreach (var task in plan.SelectedTasks)
            if (task.Target is null)
            {
                rows.Add([task.Name, task.SameAs is null ? "(controller)" : $"same as {task.SameAs}", ""]);
            }
            else
            {
                var key = (task.Target.Text, task.Operation.Id);
                if (!known.TryGetValue(key, out var resolved))
                    known.Add(key, resolved = await client.Target.ResolveAsync(task.Target.Text, task.Operation.Id, cancellationToken: cancellationToken));
                rows.Add([task.Name, task.Target.Text, Names(limited is null ? resolved : resolved with { Hosts = [.. resolved.Hosts.Where(host => limited.Contains(host.Hostname))] }, task.Target)]);
                if (resolved.Problem is not null && !(resolved.Hosts.Count == 0 && task.Modifiers.AllowEmpty))
                    mistakes.Add(FileProblem.At(task.Mark, resolved.Problem) with { File = task.File });
            }

        return (rows, mistakes);
    }

    private static string Names(ResolvedTarget resolved, Target target) =>
        resolved.Hosts.Count == 0 ? "none" : (target.Kind == TargetKind.Any ? "one of " : "") + string.Join(", ", resolved.Hosts.Select(Name));

    private static string Name(ResolvedHost host) => host.Hostname + (host.Drained ? " (drained)" : host.Reachable ? "" : " (unreachable)");
}
