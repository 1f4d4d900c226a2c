using System.Text.Json;
using Osapi.Agent.Tests.Sample;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

/// <content>The jobs: what a controller writes, and what it reads.</content>
internal sealed partial class JobFixture
{
    /// <summary>Accepts a job for one host.</summary>
    public Task<string> SubmitAsync(string name, Operation<Work, WorkDone>? operation = null, double startWithin = 10, int? size = null, string host = Host) =>
        SubmitAsync(host, operation ?? WorkOperations.Act, new() { Name = name, Size = size }, startWithin);

    /// <summary>Accepts a job for any host.</summary>
    public Task<string> SubmitForAnyAsync(string name, Operation<Work, WorkDone>? operation = null, double startWithin = 10, int? size = null) =>
        SubmitAsync(null, operation ?? WorkOperations.Act, new() { Name = name, Size = size }, startWithin);

    /// <summary>Cancels as a controller does: first in the log, and when it is too late by a command to the host.</summary>
    public async Task CancelAsync(string jobId, string executor = Host, string host = Host)
    {
        if (!await AppendStateAsync(jobId, executor, new() { Kind = JobEventKind.Cancelled }, after: 0))
            await AppendCommandAsync(host, jobId, JobJson.Bytes(new JobCommand { Kind = CommandKind.Cancel, JobId = JobIds.Of(jobId) }));
    }

    public Task AppendCommandAsync(string host, string jobId, ReadOnlyMemory<byte> payload) =>
        Transport.AppendAsync([new(StreamName.Commands, Subjects.Command(HostKey.Of(host), JobIds.Of(jobId)), payload)], Token);

    public async Task<bool> AppendStateAsync(string jobId, string executor, JobEvent state, long? after = null) =>
        (await Transport.AppendAsync([new(StreamName.Jobs, Subjects.State(JobIds.Of(jobId), executor), JobJson.Bytes(state), after)], Token)).Appended;

    /// <summary>Waits until the executor's newest state is an end, and gets its reply.</summary>
    public async Task<HostReply> EndAsync(string jobId, string executor = Host)
    {
        var state = await WaitForStateAsync(jobId, executor, JobEventKind.Finished, JobEventKind.Expired, JobEventKind.Cancelled);
        return state.Kind == JobEventKind.Finished
            ? HostReply.Read((await JobEntries.LoadAsync(Transport, state, Token)).Entry!.Value)
            : new() { Hostname = "", Outcome = JobStatusRules.OutcomeOf(state) };
    }

    /// <summary>Waits for a state of one of these kinds.</summary>
    public async Task<JobEvent> WaitForStateAsync(string jobId, string executor, params JobEventKind[] kinds)
    {
        await foreach (var message in Transport.FollowAsync(StreamName.Jobs, Subjects.State(JobIds.Of(jobId), executor), 0, Token))
            if (JobJson.Event(message.Payload) is var state && kinds.Contains(state.Kind))
                return state;
        throw new InvalidOperationException("The log has ended.");
    }

    /// <summary>Gets every state that an executor has had so far.</summary>
    public async Task<IReadOnlyList<JobEventKind>> StatesAsync(string jobId, string executor = Host)
    {
        List<JobEventKind> states = [];
        var last = await Transport.LastAsync(StreamName.Jobs, Subjects.State(JobIds.Of(jobId), executor), Token);
        if (last is not null)
            await foreach (var message in Transport.FollowAsync(StreamName.Jobs, Subjects.State(JobIds.Of(jobId), executor), 0, Token))
            {
                states.Add(JobJson.Event(message.Payload).Kind);
                if (message.Sequence == last.Sequence)
                    break;
            }

        return states;
    }

    private async Task<string> SubmitAsync(string? host, Operation operation, Work work, double startWithin)
    {
        var id = Guid.NewGuid().ToString();
        var request = JsonSerializer.SerializeToUtf8Bytes(work, WorkJson.Requests.Work);
        JobRecord record = new()
        {
            Id = JobIds.Of(id),
            Operation = operation.Id,
            Request = request,
            Target = host ?? "_any",
            Hosts = host is null ? [] : [host],
            AnyHost = host is null,
            Created = Transport.ServerNow,
            StartWithin = startWithin,
            Timeout = 60,
        };
        var command = JobJson.Bytes(new JobCommand { Kind = CommandKind.Run, JobId = JobIds.Of(id), Operation = operation.Id, Request = request, StartWithin = startWithin, Accepted = Transport.ServerNow });
        await Transport.AppendAsync(
            [
                new(StreamName.Jobs, Subjects.Record(JobIds.Of(id)), JobJson.Bytes(record), 0),
                host is null ? new(StreamName.WorkQueue, operation.Quick ? Subjects.Quick : Subjects.Any, command) : new(StreamName.Commands, Subjects.Command(HostKey.Of(host), JobIds.Of(id)), command),
            ],
            Token);
        return id;
    }
}
