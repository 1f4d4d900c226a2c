using Osapi.Operations;

namespace Osapi.Controller.Problems;

/// <summary>The job that a problem is about.</summary>
/// <param name="Operation">What was asked.</param>
/// <param name="Id">The job's id.</param>
/// <param name="Entries">What the hosts answered.</param>
internal sealed record FailedJob(Operation Operation, string Id, IReadOnlyList<HostEntry> Entries);
