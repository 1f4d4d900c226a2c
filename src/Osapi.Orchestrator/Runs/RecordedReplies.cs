using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Runs;

namespace Osapi.Orchestrator.Runs;

/// <summary>The replies of the hosts that ended before a run was resumed: their jobs have the results, and the journal says how the plan took them.</summary>
internal sealed class RecordedReplies
{
    private const int MaxConcurrent = 8;

    private readonly Dictionary<JobId, IReadOnlyDictionary<string, JobResponse>> jobs;

    private RecordedReplies(Dictionary<JobId, IReadOnlyDictionary<string, JobResponse>> jobs) => this.jobs = jobs;

    public static RecordedReplies None { get; } = new([]);

    /// <summary>Reads the jobs of the cells that have ended. One that does not exist any more leaves its cells without results.</summary>
    public static async Task<RecordedReplies> ReadAsync(OsapiClient client, RunHistory history, CancellationToken cancellationToken)
    {
        Dictionary<JobId, IReadOnlyDictionary<string, JobResponse>> jobs = [];
        foreach (var ids in history.Ends.Where(end => end.Outcome is not null).Select(end => end.JobId).OfType<JobId>().Distinct().Chunk(MaxConcurrent))
            foreach (var (id, responses) in await Task.WhenAll(ids.Select(async id => (id, await ReadAsync(client, id, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false))
                jobs[id] = responses;
        return new(jobs);
    }

    /// <summary>Returns the reply of a cell's host; null when it gave none.</summary>
    public HostReply? Of(JournalEntry end)
    {
        if (end.Outcome is not { } outcome || end.Host is not { } host)
            return null;
        var reply = end.JobId is { } id && jobs.TryGetValue(id, out var responses) && responses.TryGetValue(host, out var response) ? response.ToHostReply() : new() { Hostname = host, Outcome = outcome };
        return reply with { Outcome = outcome, Changed = end.Changed == true, Error = end.Reason, ErrorType = end.ErrorType };
    }

    private static async Task<IReadOnlyDictionary<string, JobResponse>> ReadAsync(OsapiClient client, JobId id, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.Job.GetAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false)).Responses;
        }
        catch (NotFoundException)
        {
            return new Dictionary<string, JobResponse>();
        }
    }
}
