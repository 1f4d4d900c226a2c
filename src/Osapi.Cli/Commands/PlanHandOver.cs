using System.Text.Json.Nodes;
using Osapi.Cli.Connection;
using Osapi.Cli.Plans;
using Osapi.Cli.Rendering;
using Osapi.Cli.Yaml;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Orchestrator;
using Osapi.Plans;

namespace Osapi.Cli.Commands;

/// <summary>Hands a plan file over to the controllers, which run it without this process.</summary>
/// <param name="path">The path of the plan file.</param>
/// <param name="sources">The texts of its files.</param>
/// <param name="file">The plan.</param>
/// <param name="flags">The flags of the command.</param>
/// <param name="environment">The environment, with which the plan was loaded.</param>
internal sealed class PlanHandOver(string path, SourceFiles sources, PlanFile file, RunFlags flags, ReadEnvironment environment)
{
    /// <summary>Connects to a controller that goes on when this process ends.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static async Task<ControllerConnection> ConnectAsync(ConnectionSettings settings, CancellationToken cancellationToken) =>
        await ControllerConnection.OpenRunningAsync(settings, cancellationToken)
            ?? throw new CommandException(ExitCode.Unreachable, "--detach needs a controller that goes on running, and none runs on this machine: start one with osapi start, or name one with --url");

    /// <summary>Returns what keeps the plan from running without this machine.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [.. PlanUploads.Of(file, path).Problems];
        problems.AddRange(file.SelectedTasks.Where(task => task.ReadsAnyEnvironment)
            .Select(task => $"--detach: task '{ControlCharacters.Escape(task.Name)}' reads the environment by a name that is known only while the plan runs; name the variable: env.NAME"));
        if (flags.Record is { Resume: null, Files.Count: 0 })
            problems.Add("--detach: the files of the plan have more than 512 KiB");
        return problems;
    }

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(OsapiClient client, IReadOnlyDictionary<string, string> secrets, CancellationToken cancellationToken)
    {
        // The controller finds local files by their full paths.
        var record = flags.Record! with { Files = [.. flags.Record!.Files.Select(part => part with { Name = Path.GetFullPath(part.Name) })] };
        var id = record.Resume ?? record.Id!;
        var plan = PlanBuild.Of(file, client, client, new(), selection: flags.Selection, run: record);
        IReadOnlyList<OwedStep> owed;
        try
        {
            owed = await PlanBuild.HandOverAsync(plan, async () => new()
            {
                Secrets = secrets,
                Environment = environment.With(file.SelectedTasks.SelectMany(task => task.EnvironmentNames)),
                Uploads = await PlanUploads.StoreAsync(client, id, PlanUploads.Of(file, path).Paths, cancellationToken),
                ReadsFacts = file.ReadsFacts ? true : null,
            }, cancellationToken);
        }
        catch (InvalidPlanException exception)
        {
            return RejectedPlan.Print(exception, path, sources, file);
        }

        if (flags.Json)
        {
            Terminal.Raw(new JsonObject { ["id"] = id.Value, ["detached"] = true }.ToJsonString());
            return ExitCode.Ok;
        }

        Terminal.Out.Styled($"run [bold]{id}[/]");
        Terminal.Out.Line($"handed over to the controllers: osapi run watch {id} follows it, osapi run cancel {id} cancels it");
        RunViews.PrintOwed("taken over from earlier runs", owed);
        return ExitCode.Ok;
    }
}
