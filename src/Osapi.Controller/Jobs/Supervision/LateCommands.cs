using System.Collections.Concurrent;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Supervision;

/// <summary>
/// Finds the hosts whose time to start is not over at the deadline of a job, because their commands were published late: a broadcast to many
/// hosts takes its time on a busy machine.
/// </summary>
internal sealed class LateCommands(ITransport transport)
{
    private const int MaxParallel = 64;

    /// <summary>Gets the time until which each of these hosts may start.</summary>
    /// <param name="job">The job.</param>
    /// <param name="executors">The executors that have not started.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="TransportException">The store does not answer.</exception>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> FindAsync(JobRecord job, IEnumerable<string> executors, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<string, DateTimeOffset> late = new(StringComparer.Ordinal);
        var now = transport.ServerNow;
        // Where all commands are appended at once, none is late.
        if (job.AnyHost || transport.AppendsAtOnce || now >= job.Deadline + JobRecord.MaxPublishDelay)
            return late;
        ParallelOptions options = new() { MaxDegreeOfParallelism = MaxParallel, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(executors.ToList(), options, async (executor, token) =>
        {
            if (await transport.LastAsync(StreamName.Commands, Subjects.Command(executor, job.Id), token) is { } last
                && JobCommand.TryParse(last, out var command, out _) && command.Kind == CommandKind.Run
                && EndOf(job, last, command) is var end && end > now)
                late[executor] = end;
        });
        return late;
    }

    private static DateTimeOffset EndOf(JobRecord job, Message message, JobCommand command)
    {
        var (own, latest) = (message.Time + TimeSpan.FromSeconds(command.StartWithin), job.Deadline + JobRecord.MaxPublishDelay);
        return own < latest ? own : latest;
    }
}
