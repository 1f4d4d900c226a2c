using Osapi.Operations;

namespace Osapi.Controller.Problems;

/// <summary>The job that a problem belongs to.</summary>
/// <param name="Id">The job's id.</param>
/// <param name="Answers">The operation and the hosts' replies; null when the problem is not theirs.</param>
internal sealed record FailedJob(JobId Id, (Operation Operation, IReadOnlyList<HostReply> Entries)? Answers = null);
