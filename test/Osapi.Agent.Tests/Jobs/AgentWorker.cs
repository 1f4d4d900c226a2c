using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Osapi.Agent.Handlers;
using Osapi.Agent.Tests.Sample;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>
/// The entry point of a process with a store and an agent that runs the jobs in it, until all have ended or it is
/// killed.
/// </summary>
internal static class AgentWorker
{
    public const string Argument = "--agent-worker";

    public static async Task<int> RunAsync(string directory)
    {
        await using var transport = await WorkerStore.OpenAsync(directory, CancellationToken.None);
        var open = await RecordsAsync(transport);
        HandlerTable handlers = new() { { WorkOperations.Act, (work, _, cancellationToken) => CountAsync(directory, work, cancellationToken) } };
        Say("ready");
        await using var agent = await OsapiAgent.StartAsync(
            new() { Transport = transport, StateDirectory = directory }, new() { Hostname = JobFixture.Host, MaxJobs = 4 },
            handlers, NullLogger.Instance, CancellationToken.None);

        await foreach (var message in transport.FollowAsync(StreamName.Jobs, "state.", 0, CancellationToken.None))
            if (JobJson.Event(message.Payload).Kind != JobEventKind.Start && open.Remove(Subjects.ParseState(message.Subject)!.Value.JobId.ToString()) && open.Count == 0)
                break;
        return 0;
    }

    /// <summary>Gets the ids of all jobs in a store.</summary>
    public static async Task<HashSet<string>> RecordsAsync(ITransport transport)
    {
        HashSet<string> ids = [];
        var last = (await transport.StateAsync(StreamName.Jobs, CancellationToken.None)).LastSequence;
        await foreach (var message in transport.FollowAsync(StreamName.Jobs, "", 0, CancellationToken.None))
        {
            if (message.Subject.StartsWith("job.", StringComparison.Ordinal))
                ids.Add(JobJson.Record(message.Payload).Id.ToString());
            if (message.Sequence >= last)
                break;
        }

        return ids;
    }

    // Appends a byte to the file of this name, and then works for a while, so that kills hit jobs before, during and after it.
    private static async Task<HandlerResult<WorkDone>> CountAsync(string directory, Work work, CancellationToken cancellationToken)
    {
        Say("runs");
        await using (FileStream counter = new(Path.Combine(directory, "counters", work.Name), FileMode.Append, FileAccess.Write))
            counter.WriteByte((byte)'+');
        await Task.Delay(TimeSpan.FromMilliseconds(work.Size!.Value), TimeProvider.System, cancellationToken);
        return new WorkDone(work.Name, Changed: true);
    }

    private static void Say(string line)
    {
        using var output = Console.OpenStandardOutput();
        output.Write(Encoding.ASCII.GetBytes(line + "\n"));
    }
}
