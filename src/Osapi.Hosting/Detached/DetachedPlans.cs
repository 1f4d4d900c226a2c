using System.Text.Json.Nodes;
using Osapi.Client;
using Osapi.Controller.Runs.Detached;
using Osapi.Orchestrator;
using Osapi.Plans;
using Osapi.Plans.Recorded;
using Osapi.Plans.Values;

namespace Osapi.Hosting.Detached;

/// <summary>Runs the plans that this node's controller has taken over. They call the controller over its socket, with the tokens of their callers.</summary>
/// <param name="socket">The controller's socket.</param>
internal sealed class DetachedPlans(string socket)
{
    private const int MaxNamed = 5;

    /// <summary>Goes on with a run from what its journal has, until it has ended or another runner has it.</summary>
    /// <returns>The reason why the plan can never be run; null otherwise.</returns>
    /// <exception cref="OsapiException">The controller does not answer at the moment.</exception>
    public async Task<string?> RunAsync(DetachedRun run)
    {
        using var client = OsapiClient.ForSocket(socket, run.Token);
        try
        {
            await RunAsync(run, client);
            return null;
        }
        catch (InvalidPlanException exception)
        {
            return string.Join("; ", exception.Errors.Take(MaxNamed).Select(error => error.Message)) + (exception.Errors.Count > MaxNamed ? $"; and {exception.Errors.Count - MaxNamed} more" : "");
        }
        catch (Exception exception) when (exception is FormatException or AuthException)
        {
            return exception.Message;
        }
        catch (RunInterruptedException exception) when (exception.InnerException is null or ConflictException)
        {
            return null;
        }
        catch (Exception exception) when (run.LetGo.IsCancellationRequested && exception is OperationCanceledException or OsapiException)
        {
            return null;
        }
    }

    private static async Task RunAsync(DetachedRun run, OsapiClient client)
    {
        var record = await client.Run.GetAsync(run.Id, cancellationToken: run.LetGo);
        var file = RecordedPlan.Read(record, run.Inputs.Environment);
        RunValues values = new()
        {
            Environment = run.Inputs.Environment.GetValueOrDefault,
            Secrets = run.Inputs.Secrets,
            RunId = run.Id.Value,
            Facts = file.ReadsFacts ? await HostFactsReader.ReadAsync(client, run.LetGo) : new Dictionary<string, JsonObject>(),
        };
        RunOptions options = new()
        {
            Plan = record.Plan,
            Resume = run.Id,
            RetryFailed = run.Inputs.RetryFailed is true,
            Rerun = run.Inputs.Rerun,
            Claim = new(run.Runner, run.Position, run.JobsSince) { RetryUpTo = run.RetryUpTo, LetGo = run.LetGo },
        };
        var plan = PlanBuild.Of(file, client, new StagedUploads(client, run), new(), values, RecordedValues.SelectionOf(record.Values), options);
        await plan.RunAsync(run.Cancelled);
    }
}
