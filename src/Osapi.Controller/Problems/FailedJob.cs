using Osapi.Operations;

namespace Osapi.Controller.Problems;

/// <summary>The job that a problem is about.</summary>
/// <param name="Id">The job's id.</param>
/// <param name="Answers">What was asked and what the hosts answered; null when the problem is none of theirs.</param>
internal sealed record FailedJob(JobId Id, (Operation Operation, IReadOnlyList<HostReply> Entries)? Answers = null);
