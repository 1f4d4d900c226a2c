using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>Writes the replies of scripted hosts as a controller does.</summary>
internal static class FleetReplies
{
    private static readonly JsonElement Written = JsonElement.Parse("""{"bytes":1}""");

    public static HostReply Host(FleetAttempt attempt)
    {
        var outcome = OutcomeOf(attempt.Reply);
        return new()
        {
            // Nobody took it: there is no name.
            Hostname = attempt.Task.Target == FleetTarget.Any && outcome == Outcome.Expired && attempt.Number == 1 ? "" : FleetPlan.Name(attempt.Host),
            Outcome = outcome,
            Changed = attempt.Changed,
            Error = outcome == Outcome.Ok ? null : outcome == Outcome.Skipped ? FleetScript.HostSkipReason : $"{attempt.Reply}",
            ErrorType = attempt.Reply == ScriptedReply.FailedForGood ? ErrorType.NotFound : null,
            Result = outcome == Outcome.Ok ? Written : null,
            Reachable = attempt.IsUnreachable ? false : null,
        };
    }

    public static OperationReply Job(JobId id, IEnumerable<FleetAttempt> attempts)
    {
        JsonObject responses = [];
        foreach (var attempt in attempts)
        {
            var host = Host(attempt);
            responses[host.Hostname] = new JsonObject
            {
                ["hostname"] = host.Hostname,
                ["status"] = "completed",
                ["outcome"] = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{host.Outcome}"),
                ["changed"] = host.Changed,
                ["error"] = host.Error,
                ["data"] = host.Outcome == Outcome.Ok ? new JsonObject { ["bytes"] = 1 } : null,
            };
        }

        JsonObject job = new()
        {
            ["id"] = $"{id}",
            ["target"] = "_all",
            ["operation"] = new JsonObject { ["type"] = "test.write.execute", ["data"] = new JsonObject() },
            ["responses"] = responses,
        };
        return new(JsonElement.Parse(job.ToJsonString()));
    }

    public static Outcome OutcomeOf(ScriptedReply reply) => reply switch
    {
        ScriptedReply.Ok or ScriptedReply.Changed => Outcome.Ok,
        ScriptedReply.Expired => Outcome.Expired,
        ScriptedReply.Unknown => Outcome.Unknown,
        ScriptedReply.Running => Outcome.Running,
        ScriptedReply.CancelledByOther => Outcome.Cancelled,
        ScriptedReply.Skipped => Outcome.Skipped,
        _ => Outcome.Failed,
    };
}
