using System.Diagnostics.Metrics;
using Osapi.Controller.Agents;
using Osapi.Controller.Auth;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Limits;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Json;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Metrics;

/// <summary>The instruments of a controller. Labels have values of the catalog or of short lists only, whatever callers send.</summary>
internal sealed class ControllerMetrics : IDisposable
{
    // From an answer out of memory to a long wait for hosts.
    private static readonly double[] Seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];
    // A job that ended before this controller started is not counted again when its read model is rebuilt.
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private readonly ITransport transport;
    private readonly Counter<long> requests;
    private readonly Counter<long> refusals;
    private readonly Histogram<double> requestSeconds;
    private readonly Counter<long> jobs;
    private readonly Histogram<double> queueSeconds;
    private readonly Histogram<double> jobSeconds;

    public ControllerMetrics(ITransport transport, ActiveJobs active, AgentRegistry agents, EventStreamQuota streams, RevokedTokenSet revoked, SkippedMessages skipped)
    {
        this.transport = transport;
        InstrumentAdvice<double> buckets = new() { HistogramBucketBoundaries = Seconds };
        requests = Meter.CreateCounter<long>("http_requests", description: "Requests by operation and status.");
        refusals = Meter.CreateCounter<long>("http_requests_refused", description: "Requests that were refused by status: 401 without a valid token, 403 without permission, 408, 413, 415, 429 and 503 by limits.");
        requestSeconds = Meter.CreateHistogram("http_request_duration", "s", "Time to answer a request by operation, streams excepted.", advice: buckets);
        jobs = Meter.CreateCounter<long>("jobs_processed", description: "Ended jobs by operation and status. Each controller of a system counts every job.");
        queueSeconds = Meter.CreateHistogram("job_queue_wait", "s", "Time from the acceptance of a job to its start on its first host.", advice: buckets);
        jobSeconds = Meter.CreateHistogram("job_duration", "s", "Time from the acceptance of a job to its end by operation.", advice: buckets);
        Meter.CreateObservableGauge("jobs_active", () => active.Active.Count(job => !job.IsFinished), description: "Jobs that have not ended.");
        Meter.CreateObservableGauge("event_streams_open", () => streams.Open, description: "Open event streams.");
        Meter.CreateObservableGauge("tokens_revoked", () => revoked.All.Count, description: "Revocations of tokens and subjects that are in force.");
        Meter.CreateObservableGauge("agents", () => CountByState(agents), description: "Registered agents by state.");
        Meter.CreateObservableCounter("messages_passed_over", () => skipped.Count, description: "Messages that could not be read or were not accepted.");
        active.Ended += AddJob;
    }

    public Meter Meter { get; } = new("Osapi.Controller");

    /// <summary>Adds an answered request.</summary>
    /// <param name="operation">The id of the operation, or a fixed word for any other endpoint.</param>
    /// <param name="status">The status.</param>
    /// <param name="duration">The time that it took; null for a stream.</param>
    public void AddRequest(string operation, int status, TimeSpan? duration)
    {
        requests.Add(1, new("operation", operation), new("code", status));
        if (status is 401 or 403 or 408 or 413 or 415 or 429 or 503)
            refusals.Add(1, new KeyValuePair<string, object?>("code", status));
        if (duration is { } time)
            requestSeconds.Record(time.TotalSeconds, new KeyValuePair<string, object?>("operation", operation));
    }

    public void Dispose() => Meter.Dispose();

    private static IEnumerable<Measurement<long>> CountByState(AgentRegistry agents)
    {
        var states = agents.All.CountBy(agent => agents.StatusOf(agent) != AgentStatus.Ready ? "NotReady" : agent.State).ToDictionary();
        return new[] { AgentState.Ready, "NotReady", AgentState.Draining, AgentState.Cordoned, AgentState.Pending }.Distinct()
            .Select(state => new Measurement<long>(states.GetValueOrDefault(state), new KeyValuePair<string, object?>("state", state)));
    }

    private void AddJob(ActiveJob job)
    {
        if (transport.ServerNow - job.Updated > MaxAge)
            return;
        var operation = OperationCatalog.Default.TryFind(job.Record.Operation, out _) ? job.Record.Operation : "other";
        jobs.Add(1, new("operation", operation), new("status", SnakeCaseName.Of(job.Phase)));
        jobSeconds.Record(Math.Max(0, (job.Updated - job.Record.Created).TotalSeconds), new KeyValuePair<string, object?>("operation", operation));
        if (job.StartedAt is { } started)
            queueSeconds.Record(Math.Max(0, (started - job.Record.Created).TotalSeconds));
    }
}
