using Osapi.Operations;

namespace Osapi.Transport.Jobs;

/// <summary>The subjects of the protocol's messages.</summary>
public static class Subjects
{
    /// <summary>The queue of jobs for any host.</summary>
    public const string Any = "any";

    /// <summary>The queue of quick jobs for any host, for which hosts reserve slots.</summary>
    public const string Quick = "quick";

    /// <summary>The prefix of every heartbeat.</summary>
    public const string Heartbeats = "hb.";

    /// <summary>The signal that asks every agent for a heartbeat at once.</summary>
    public const string Ping = "ping";

    /// <summary>The prefix of the signals between controllers about the roster.</summary>
    public const string Controllers = "roster.";

    /// <summary>The prefix of the requests of agents to be enrolled.</summary>
    public const string Enrolments = "enroll.";

    /// <summary>Gets the subject of the requests to be enrolled under a host's name.</summary>
    public static string Enrolment(string hostKey) => Enrolments + hostKey;

    /// <summary>The prefix of the controllers' replies to them.</summary>
    public const string EnrolmentReplies = "enrolled.";

    /// <summary>Gets the subject of the controllers' replies to the requests of a host.</summary>
    public static string EnrolmentReply(string hostKey) => EnrolmentReplies + hostKey;

    /// <summary>Gets the subject of one controller's signals to the others about the roster.</summary>
    public static string Controller(string id) => Controllers + id;

    /// <summary>
    /// Gets the subject that asks the agent with a host's name for a heartbeat, because another agent is about to take
    /// over the name.
    /// </summary>
    public static string Claim(string hostKey) => $"claim.{hostKey}";

    /// <summary>Gets the subject of the signal to one host to read its roster entry again after an operator's change.</summary>
    public static string RecordChanged(string hostKey) => $"look.{hostKey}";

    /// <summary>The prefix of the signals with which agents ask for the state of an executor.</summary>
    public const string Confirmations = "confirm.";

    /// <summary>Gets the subject of the signals with which one host asks the controllers for the state of an executor.</summary>
    public static string Confirm(string hostKey) => Confirmations + hostKey;

    /// <summary>Gets the subject of the controllers' answers to them.</summary>
    public static string Confirmed(string hostKey) => $"confirmed.{hostKey}";

    /// <summary>Gets the subject of the signal that asks one host for the output that a running command has written since.</summary>
    public static string Tail(string hostKey) => $"tail.{hostKey}";

    /// <summary>Gets the subject of the signals of one host to one reader that follows an output.</summary>
    public static string OutputPart(string hostKey, string reader) => $"output.{hostKey}.{reader}";

    /// <summary>Gets the subject of a job's record.</summary>
    public static string Record(JobId jobId) => $"job.{jobId}";

    /// <summary>Gets the subject of the state of one executor of a job.</summary>
    public static string State(JobId jobId, string executor) => $"state.{jobId}.{executor}";

    /// <summary>Gets the subject of a command to one host about one job.</summary>
    public static string Command(string hostKey, JobId jobId) => $"cmd.{hostKey}.{jobId}";

    /// <summary>Gets the subject of the whole request of a job whose record lacks its secrets. Only controllers read it: no host has this key.</summary>
    public static string Request(JobId jobId) => $"{Requests}{jobId}";

    /// <summary>The prefix of every <see cref="Request"/>.</summary>
    public const string Requests = "cmd._request.";

    /// <summary>Gets the prefix of every command to one host.</summary>
    public static string CommandsOf(string hostKey) => $"cmd.{hostKey}.";

    /// <summary>Gets the subject of the heartbeat of one host.</summary>
    public static string Heartbeat(string hostKey) => Heartbeats + hostKey;

    /// <summary>Parses the subject of a state: the job and its executor; null for any other subject.</summary>
    public static (JobId JobId, string Executor)? ParseState(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return subject.Split('.') is ["state", var job, var executor] && JobId.TryParseCanonical(job, out var jobId) ? (jobId, executor) : null;
    }
}
