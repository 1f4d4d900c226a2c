namespace Osapi.Orchestrator.Engine;

/// <summary>Whether what a body returned is a success.</summary>
internal static class TaskVerdict
{
    /// <summary>Why the result is a failure; null when it is none.</summary>
    public static Exception? Of(Result result, HostFailureLimit? allowance)
    {
        if (result.Error is not null)
            return result.Error;
        if (result.Status == Status.Failed)
            return new TaskFailedException("the body reported a failure");

        List<HostResult> failed = [.. result.HostResults.Where(host => host.IsFailure)];
        if (failed.Count == 0)
            return null;
        var expected = result.HostResults.Count(host => host.Status != Status.Skipped);
        return failed.Count <= (allowance?.Of(expected) ?? 0) ? null : result.HostError ?? new HostFailuresException(failed, expected);
    }
}
