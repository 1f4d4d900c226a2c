namespace Osapi.Orchestrator.Engine;

/// <summary>Determines whether the result of a body is a success.</summary>
internal static class TaskVerdict
{
    /// <summary>Returns the error of the result; null when it is a success.</summary>
    public static Exception? Of(Result result, HostFailureLimit? limit)
    {
        if (result.Error is not null)
            return result.Error;
        if (result.Status == Status.Failed)
            return new TaskFailedException("the body reported a failure");
        if (result.HostResults.Count == 0)
            return null;

        List<HostResult> failed = [.. result.HostResults.Where(host => host.IsFailure)];
        if (failed.Count == 0)
            return null;
        var expected = result.HostResults.Count(host => host.Status != Status.Skipped);
        return failed.Count <= (limit?.Of(expected) ?? 0) ? null : result.HostError ?? new HostFailuresException(failed, expected);
    }
}
