using Osapi.Operations.Json;

namespace Osapi.Operations;

/// <summary>An operation did not succeed on every host; see <see cref="JobReply{T}.EnsureSuccess"/>.</summary>
/// <param name="jobId">The job.</param>
/// <param name="total">The number of hosts that were expected to answer.</param>
/// <param name="failed">The hosts that did not succeed.</param>
public sealed class HostsFailedException(JobId jobId, int total, IReadOnlyList<(string Hostname, Outcome Outcome, string? Error)> failed)
    : Exception(Describe(jobId, total, failed))
{
    // A message is a line for people; the list has them all.
    private const int MaxHosts = 5;

    /// <summary>The job.</summary>
    public JobId JobId => jobId;

    /// <summary>The hosts that did not succeed, with their outcome and error.</summary>
    public IReadOnlyList<(string Hostname, Outcome Outcome, string? Error)> Failed => failed;

    private static string Describe(JobId jobId, int total, IReadOnlyList<(string Hostname, Outcome Outcome, string? Error)> failed)
    {
        ArgumentNullException.ThrowIfNull(failed);
        var shown = failed.Take(MaxHosts).Select(host => $"{host.Hostname} ({SnakeCaseName.Of(host.Outcome)}{(string.IsNullOrEmpty(host.Error) ? "" : $": {host.Error}")})");
        return $"{failed.Count} of {total} hosts did not succeed in job {jobId}: {string.Join(", ", shown)}{(failed.Count > MaxHosts ? ", ..." : "")}";
    }
}
