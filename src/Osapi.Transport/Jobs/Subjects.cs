using Osapi.Operations;

namespace Osapi.Transport.Jobs;

/// <summary>What the messages of the protocol are about.</summary>
public static class Subjects
{
    /// <summary>The queue of jobs for any host.</summary>
    public const string Any = "any";

    /// <summary>The queue of jobs for any host that hosts have slots for in any case.</summary>
    public const string Quick = "quick";

    /// <summary>The prefix of every heartbeat.</summary>
    public const string Heartbeats = "hb.";

    /// <summary>Asks every agent for a heartbeat at once.</summary>
    public const string Ping = "ping";

    /// <summary>The prefix of what controllers tell each other about the roster.</summary>
    public const string Controllers = "roster.";

    /// <summary>What one controller tells the others about the roster.</summary>
    public static string Controller(string id) => Controllers + id;

    /// <summary>Asks the agent that has a host's name for a heartbeat: another one is about to take it.</summary>
    public static string Claim(string hostKey) => $"claim.{hostKey}";

    /// <summary>Tells one host to look at what is known of it: an operator has changed something.</summary>
    public static string RecordChanged(string hostKey) => $"look.{hostKey}";

    /// <summary>A job's record.</summary>
    public static string Record(JobId jobId) => $"job.{jobId}";

    /// <summary>The state of one executor of a job.</summary>
    public static string State(JobId jobId, string executor) => $"state.{jobId}.{executor}";

    /// <summary>A command to one host about one job.</summary>
    public static string Command(string hostKey, JobId jobId) => $"cmd.{hostKey}.{jobId}";

    /// <summary>The prefix of every command to one host.</summary>
    public static string CommandsOf(string hostKey) => $"cmd.{hostKey}.";

    /// <summary>The heartbeat of one host.</summary>
    public static string Heartbeat(string hostKey) => Heartbeats + hostKey;

    /// <summary>Reads the subject of a state: the job and its executor; null for any other subject.</summary>
    public static (JobId JobId, string Executor)? ParseState(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return subject.Split('.') is ["state", var job, var executor] && JobId.TryParseCanonical(job, out var jobId) ? (jobId, executor) : null;
    }
}
