using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>Writes the replies of scripted hosts as a controller does.</summary>
internal static class FleetReplies
{
    private static readonly JsonElement Written = JsonElement.Parse("""{"bytes":1}""");

    public static HostReply Host(FleetAttempt attempt, bool check = false)
    {
        var outcome = OutcomeOf(attempt.Reply);
        return new()
        {
            // Nobody took it: there is no name.
            Hostname = attempt.Task.Target == FleetTarget.Any && outcome == Outcome.Expired && attempt.Number == 1 ? "" : FleetPlan.Name(attempt.Host),
            Outcome = outcome,
            Changed = attempt.Changed && !check,
            Error = outcome == Outcome.Ok ? null : attempt.Reply == ScriptedReply.Skipped ? FleetScript.HostSkipReason : attempt.Reply == ScriptedReply.Refused ? FleetScript.RefusalReason : $"{attempt.Reply}",
            ErrorType = attempt.Reply switch { ScriptedReply.FailedForGood => ErrorType.NotFound, ScriptedReply.Refused => ErrorType.Unavailable, _ => null },
            Check = check && outcome == Outcome.Ok ? Check(attempt) : null,
            Result = outcome == Outcome.Ok && (!check || attempt.Task.Idempotency == Idempotency.ReadOnly) ? Written : null,
            Reachable = attempt.IsUnreachable ? false : null,
        };
    }

    private static CheckResult Check(FleetAttempt attempt) =>
        new() { Changed = attempt.Task.Idempotency == Idempotency.NonIdempotent ? null : attempt.Reply == ScriptedReply.Changed };

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
                ["error_type"] = host.ErrorType is { } type ? JsonNamingPolicy.SnakeCaseLower.ConvertName($"{type}") : null,
                ["reachable"] = host.Reachable,
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
        ScriptedReply.Skipped or ScriptedReply.Refused => Outcome.Skipped,
        _ => Outcome.Failed,
    };
}
