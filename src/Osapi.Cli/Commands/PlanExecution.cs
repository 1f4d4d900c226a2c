using System.Text.Json.Nodes;
using Osapi.Cli.Hosting;
using Osapi.Cli.Rendering;
using Osapi.Cli.Rendering.Progress;
using Osapi.Cli.Rendering.Reports;
using Osapi.Cli.RunReports;
using Osapi.Cli.Yaml;
using Osapi.Client;
using Osapi.Orchestrator;
using Osapi.Plans;
using Osapi.Plans.Reports;
using Osapi.Plans.Saved;
using Osapi.Plans.Values;
using Status = Osapi.Orchestrator.Status;

namespace Osapi.Cli.Commands;

/// <summary>Runs a plan file that was loaded, from its beginning or from where an earlier process stopped, and prints its report.</summary>
/// <param name="path">The path of the plan file.</param>
/// <param name="sources">The texts of its files.</param>
/// <param name="file">The plan.</param>
/// <param name="flags">The flags of the command.</param>
internal sealed class PlanExecution(string path, SourceFiles sources, PlanFile file, RunFlags flags)
{
    /// <summary>The values that expressions read; null to read them.</summary>
    public RunValues? Values { get; init; }

    /// <summary>Reports what the controller knows to be wrong, and returns the exit code; null to show it with the lines of the file.</summary>
    public Func<IReadOnlyList<string>, int>? Refuse { get; init; }

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(OsapiClient client, IReadOnlyDictionary<string, string> secrets, StopSignals signals)
    {
        var values = Values ?? new()
        {
            Environment = flags.Saving?.Environment ?? Environment.GetEnvironmentVariable,
            Secrets = secrets,
            RunId = (flags.Form.IsCheck ? null : flags.Record?.Resume ?? flags.Record?.Id)?.Value ?? Guid.Empty.ToString(),
            Facts = file.ReadsFacts ? await HostFactsReader.ReadAsync(client, signals.Requested) : new Dictionary<string, JsonObject>(),
        };

        using var progress = Progress();
        RunBeginningLines beginning = new(flags.Json || flags.Form.Verbosity == RunVerbosity.Quiet ? null : Terminal.Out, TimeProvider.System);
        RunEvents events = new(file.Name, flags.Form.IsCheck, Terminal.Raw, TimeProvider.System);
        RecordedChecks requests = new(client);
        var plan = PlanBuild.Of(
            file, client, flags.Form.IsCheck ? new DryRunInvoker(requests) : client, Hooks.Combine(progress.Hooks, flags.Json ? events.Hooks : null), values, flags.Selection, flags.Record is null || flags.Form.IsCheck ? null : beginning.Apply(flags.Record, flags.Json ? events.Recorded : null));
        Report report;
        try
        {
            report = await plan.RunAsync(signals.Insisted, signals.Requested);
        }
        catch (InvalidPlanException exception)
        {
            return Refuse is null ? RejectedPlan.Print(exception, path, sources, file) : Refuse([.. exception.Errors.Select(error => error.Message)]);
        }
        catch (RunInterruptedException exception)
        {
            progress.Dispose();
            Terminal.Fail([exception.Message, $"its jobs go on; osapi run resume {exception.Run} goes on with it"]);
            return exception.InnerException is ConnectionException ? ExitCode.Unreachable : ExitCode.Failed;
        }

        progress.Dispose();
        var exitCode = ExitCodeOf(report);
        if (exitCode == ExitCode.Ok && flags.ReportsChange && report.Tasks.Any(task => task.Changed || task.Status == Status.Changed))
            exitCode = ExitCode.WouldChange;
        var written = flags.Json || flags.Reports.Count > 0 ? RunReportBuild.Of(report, plan, file.Name, flags.Form.IsCheck, exitCode) : null;
        if (flags.Json)
            events.End(written!);
        else
            PlanReport.Print(report, flags.Form, progress.Operations, exitCode);
        if (flags.Why is not null)
            CellReasons.Print(flags.Json ? Terminal.Error : Terminal.Out, report, flags.Why);
        exitCode = written is null ? exitCode : ReportOptions.Write(flags.Reports, written, exitCode);
        if (flags.Saving is not { } saving || exitCode is not (ExitCode.Ok or ExitCode.WouldChange))
            return exitCode;
        var saved = await saving.SaveAsync(client, report, plan, requests, file.Name, secrets, signals.Requested);
        return saved == ExitCode.Ok ? exitCode : saved;
    }

    // The lines go on standard error when events are on standard output; the two may be the same terminal, so that there is no status line then.
    private PlanProgress Progress() => new(
        flags.Form.Verbosity == RunVerbosity.Quiet ? null : flags.Json ? Terminal.Error : Terminal.Out,
        flags.Form.Verbosity != RunVerbosity.Quiet && !flags.Json && Terminal.CanMove ? new(Console.Out, static () => Terminal.Width) : null,
        file.Name,
        TimeProvider.System);

    private static int ExitCodeOf(Report report)
    {
        if (report.Outcome is PlanOutcome.Cancelled or PlanOutcome.TimedOut)
            return report.Outcome == PlanOutcome.Cancelled ? ExitCode.Cancelled : ExitCode.DeadlinePassed;
        // An invalid token is not a failure of the hosts.
        var errors = report.Tasks.Where(task => task.Status == Status.Failed).Select(task => task.Error).ToList();
        if (errors.Count > 0 && errors.All(error => error is AuthException))
        {
            Failures.Print((AuthException)errors[0]!);
            return ExitCode.NotPermitted;
        }

        return report.Succeeded ? ExitCode.Ok : ExitCode.Failed;
    }

}
