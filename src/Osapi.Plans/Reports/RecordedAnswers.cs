using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Plans.Reports;

/// <summary>The results of a past run that its jobs still have.</summary>
internal sealed class RecordedAnswers
{
    private readonly Dictionary<JobId, JobDetail> jobs = [];

    /// <summary>The number of jobs that were removed.</summary>
    public int Removed { get; private set; }

    /// <summary>The number of jobs that the caller may not read.</summary>
    public int Forbidden { get; private set; }

    /// <summary>The number of all jobs.</summary>
    public int Count => jobs.Count + Removed + Forbidden;

    public void Add(JobDetail job) => jobs[job.Id] = job;

    public void AddRemoved() => Removed++;

    public void AddForbidden() => Forbidden++;

    /// <summary>Returns what a host answered to a job; null when it did not, and when the job is not known.</summary>
    public JobResponse? Of(JobId? job, string host)
    {
        if (job is not { } id || !jobs.TryGetValue(id, out var detail))
            return null;
        // The host of a cell may not be known, when the job has a single one.
        return host.Length > 0 ? detail.Responses.GetValueOrDefault(host) : detail.Responses.Count == 1 ? detail.Responses.Values.First() : null;
    }
}
