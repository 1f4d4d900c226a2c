using Osapi.Operations;

namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>The scripted reply of a host, or of a function.</summary>
internal enum ScriptedReply
{
    Ok,
    Changed,
    Failed,
    FailedChanged,
    FailedForGood,
    Expired,
    Unknown,
    Running,
    CancelledByOther,
    Skipped,

    /// <summary>The controller does not send the operation, because the host is drained.</summary>
    Refused,
}

/// <summary>
/// The script of a random plan: each answer is computed from the seed, the task, the host and the attempt, so that it does not depend on
/// the order in which it is asked for.
/// </summary>
internal sealed record FleetScript(ulong Seed, int FailurePercent)
{
    public const string HostSkipReason = "a guard on the host";

    public const string RefusalReason = "the host is Cordoned";

    public ScriptedReply Reply(FleetTask task, int column, int attempt)
    {
        var random = Of(task.Id, column, attempt, 1);
        var changes = random / 1000 % 2 == 0 && task.Idempotency != Idempotency.ReadOnly;
        if ((int)(random / 7 % 100) >= FailurePercent)
            return changes ? ScriptedReply.Changed : ScriptedReply.Ok;
        var reply = (random / 100_000 % 20) switch
        {
            < 7 => ScriptedReply.Failed,
            < 9 => ScriptedReply.FailedChanged,
            9 => ScriptedReply.FailedForGood,
            < 13 => ScriptedReply.Expired,
            13 => ScriptedReply.Unknown,
            14 => ScriptedReply.Running,
            15 => ScriptedReply.CancelledByOther,
            _ => ScriptedReply.Skipped,
        };
        if (reply == ScriptedReply.FailedChanged && task.Idempotency == Idempotency.ReadOnly)
            reply = ScriptedReply.Failed;
        return task switch
        {
            { Target: FleetTarget.Function } => reply is ScriptedReply.FailedChanged ? reply : ScriptedReply.Failed,
            { PlainFailures: true } when !IsRetryable(task, reply) && reply != ScriptedReply.Skipped => ScriptedReply.Failed,
            _ => reply,
        };
    }

    public long Latency(FleetTask task, int column, int attempt) => 1 + (long)(Of(task.Id, column, attempt, 2) % 1_000_000);

    /// <summary>Gets whether a host that is cancelled while it works has changed something by then.</summary>
    public bool ChangesWhenCancelled(FleetTask task, int column, int attempt) => Of(task.Id, column, attempt, 3) % 4 == 0 && task.Idempotency != Idempotency.ReadOnly;

    public bool IsUnreachable(FleetTask task, int column, int attempt) => Of(task.Id, column, attempt, 7) % 2 == 0;

    public bool IsInGroup(int host, int group) => (int)(Of(group, host, 0, 4) % 4) <= group % 4;

    public int AnyHost(FleetTask task, int[] hosts) => hosts[(int)(Of(task.Id, 0, 0, 5) % (ulong)hosts.Length)];

    public FleetGuard HostGuard(FleetTask task, int host) => (Of(task.Id, host, 0, 6) % 10) switch
    {
        < 6 => FleetGuard.True,
        9 when task.Allowed is null && task.Max is null => FleetGuard.Throws,
        _ => FleetGuard.False,
    };

    /// <summary>Gets the request of a host, from 1; 0 when it cannot be made. The host is <see cref="FleetLog.Single"/> while it is not known.</summary>
    public int Request(FleetTask task, int host) =>
        task.Requests == 0 ? 1
        : Of(task.Id, host, 0, 8) % 12 == 0 && task.Allowed is null && task.Max is null ? 0
        : 1 + (int)(Of(task.Id, host, 0, 9) % (ulong)task.Requests);

    /// <summary>Determines whether section 3 lets a reply be followed by another attempt.</summary>
    public static bool IsRetryable(FleetTask task, ScriptedReply reply) => reply switch
    {
        ScriptedReply.Failed or ScriptedReply.FailedChanged or ScriptedReply.Expired => true,
        ScriptedReply.Unknown => task.Idempotency != Idempotency.NonIdempotent,
        _ => false,
    };

    public static bool IsFailure(ScriptedReply reply) => reply is not (ScriptedReply.Ok or ScriptedReply.Changed or ScriptedReply.Skipped or ScriptedReply.Refused);

    public static bool IsChange(ScriptedReply reply) => reply is ScriptedReply.Changed or ScriptedReply.FailedChanged;

    private ulong Of(int a, int b, int c, int purpose)
    {
        var value = Seed;
        foreach (var part in (ReadOnlySpan<int>)[a, b, c, purpose])
        {
            value = (value ^ (uint)part) + 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            value ^= value >> 31;
        }

        return value;
    }
}
